/** The process's own clock goes on where people set the wall clock, and waits and bans follow it. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gate } from "../../../src/io/p2p/gate.ts";
import { AlarmClock } from "../../../src/io/platform/alarm-clock.ts";
import { readClocks } from "../../../src/io/platform/clocks.ts";
import type { Elapsed, PeerId } from "../../../src/primitives/brand.ts";

const hourMs = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

function setClock(byMs: number): void {
  vi.setSystemTime(Date.now() + byMs);
}

test.each([-hourMs, hourMs])(
  "what has passed does not change with a clock set by %d ms",
  (byMs) => {
    const before = readClocks();
    setClock(byMs);
    const after = readClocks();
    expect(after.wall - before.wall).toBe(byMs);
    expect(after.elapsed).toBeGreaterThanOrEqual(before.elapsed);
    expect(after.elapsed - before.elapsed).toBeLessThan(hourMs);
  },
);

test("an alarm rings though the clock was set back", async () => {
  const rung = Promise.withResolvers<void>();
  const alarm = new AlarmClock(() => rung.resolve());
  const at = (readClocks().elapsed + 20) as Elapsed;
  alarm.set(at);
  setClock(-hourMs);
  await rung.promise;
  expect(readClocks().elapsed).toBeGreaterThanOrEqual(at);
});

test.each([-hourMs, hourMs])("a ban goes on though the clock was set by %d ms", (byMs) => {
  const gate = new Gate();
  const bob = "bob" as PeerId;
  gate.ban(bob, 60_000);
  setClock(byMs);
  expect(gate.isDenied(bob)).toBe(true);
});

test("a ban does not outlast its time because the clock was set back", async () => {
  const gate = new Gate();
  const bob = "bob" as PeerId;
  gate.ban(bob, 1);
  setClock(-hourMs);
  await vi.waitFor(() => expect(gate.isDenied(bob)).toBe(false));
});
