/** Hosts that share a name: what goes to one goes to both, and which of it is lost. */

import { describe, expect, test } from "vitest";
import type { Elapsed, PeerId } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { benOr } from "../../../src/protocols/ben-or/ben-or.ts";
import {
  areTogether,
  countSchedules,
  partsOf,
  scheduleAt,
} from "../../../src/sim/twins/schedules.ts";
import { twinned } from "../../../src/sim/twins/twinned-protocol.ts";

const [n1, n2, n3, n4] = ["n1", "n2", "n3", "n4"] as PeerId[] as [PeerId, PeerId, PeerId, PeerId];
const members = [n1, n2, n3];
const hosts = [n1, n2, n3, n4];
const moment = { now: 0 as Elapsed, random: createRandom(1) };

/** n4 is a second n1. Host after host is asked for a bit: to whom each sends its report. */
function receiversOf(host: PeerId, isLost: (from: PeerId, to: PeerId) => boolean) {
  const protocol = twinned(benOr(), { members, hosts, isLost });
  const state = protocol.start({ name: host, members: hosts }, new Map());
  const command = { type: "propose", value: 1 } as const;
  const event = { type: "requested", id: { client: "c", number: 1 }, command } as const;
  const { effects } = protocol.step(state, event, moment);
  return effects.flatMap((effect) => (effect.type === "send" ? [effect.to] : []));
}

describe("a protocol with a twin", () => {
  test("what is sent to a name goes to both hosts that have it", () => {
    expect(receiversOf(n2, () => false)).toEqual([n1, n4, n3]);
  });

  test("twins speak to all others, and not to each other", () => {
    expect(receiversOf(n1, () => false)).toEqual([n2, n3]);
    expect(receiversOf(n4, () => false)).toEqual([n2, n3]);
  });

  test("what is lost between two hosts arrives at the others", () => {
    expect(receiversOf(n2, (from, to) => from === n2 && to === n4)).toEqual([n1, n3]);
  });

  test("two hosts with one name count as one member", () => {
    const protocol = twinned(benOr(), { members, hosts, isLost: () => false });
    const message = { type: "report", round: 1, bit: 1, isAgain: false } as const;
    let state = protocol.start({ name: n2, members: hosts }, new Map());
    for (const from of [n1, n4]) {
      state = protocol.step(state, { type: "received", from, message }, moment).state;
    }
    expect(Object.keys(state.inner.heard[1]?.report ?? {})).toEqual([n1, n2]);
  });
});

describe("schedules", () => {
  test("five hosts have 16 parts, and 4,096 schedules of three views", () => {
    expect(partsOf(5)).toHaveLength(16);
    expect(countSchedules(5, 3)).toBe(4_096);
    const all = Array.from({ length: 4_096 }, (_, number) => scheduleAt(5, 3, number).join());
    expect(new Set(all).size).toBe(4_096);
  });

  test("each two parts differ in who is together with whom", () => {
    const pairs = [0, 1, 2, 3, 4].flatMap((a) => [0, 1, 2, 3, 4].map((b) => [a, b] as const));
    const texts = partsOf(5).map((parts) => {
      return pairs.map(([a, b]) => (areTogether(parts, a, b) ? 1 : 0)).join("");
    });
    expect(new Set(texts).size).toBe(16);
    expect(areTogether(15, 0, 4)).toBe(true);
    expect(areTogether(0, 0, 4)).toBe(false);
    expect(areTogether(0, 1, 4)).toBe(true);
  });
});
