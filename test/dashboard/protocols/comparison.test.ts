/** Checks what is said of a change: since when the runs differ, and in what. */

import { expect, test } from "vitest";
import { compareRuns } from "../../../src/dashboard/protocols/run/comparison.ts";
import { lanePieces } from "../../../src/dashboard/protocols/run/lane.ts";
import { messageFault, nodeFault, withFault } from "../../../src/dashboard/protocols/run/levers.ts";
import { entryOf, leaderOf, momentAt } from "../../../src/dashboard/protocols/run/moment.ts";
import { usualSettings } from "../../../src/dashboard/simulator/run-settings.ts";
import type { ScheduledFault } from "../../../src/dashboard/simulator/schedule.ts";
import { simulate } from "../../../src/dashboard/simulator/simulate.ts";

function run(schedule: readonly ScheduledFault[] = []) {
  const settings = { ...usualSettings, protocol: "raft", nodes: 5, durationMs: 9_000 };
  const record = simulate(settings, schedule);
  if (!record.ok) throw new Error(record.problem);
  return record.value;
}

test("a crash of the leader strikes after the moment at which it was ordered", () => {
  const plain = run();
  const moment = momentAt(plain, 4_000);
  const leader = leaderOf(plain, moment)!;
  const crash = nodeFault("crash", leader, moment);
  const crashed = run([crash]);
  const { fromMs, same, changes } = compareRuns(plain, crashed);
  expect(fromMs).toBe(4_001);
  expect(same).toBe(moment.shown);
  expect(entryOf(crashed, momentAt(crashed, 4_001))?.text).toBe(`crash ${leader}`);
  const next = leaderOf(crashed, momentAt(crashed, 9_000));
  expect(next).not.toBe(leader);
  expect(changes[0]).toContain(`${next} becomes leader in term`);
  expect(changes).toContain(`at the end ${next} leads, not ${leader}`);
});

test("the same run differs nowhere", () => {
  expect(compareRuns(run(), run())).toMatchObject({ fromMs: undefined, changes: [] });
});

test("lanes are without gaps, and show who leads and who is down", () => {
  const leader = leaderOf(run(), momentAt(run(), 4_000))!;
  const record = run([nodeFault("crash", leader, momentAt(run(), 4_000))]);
  const pieces = lanePieces(record, leader);
  expect(pieces[0]?.fromMs).toBe(0);
  for (const [at, piece] of pieces.entries()) {
    expect(piece.toMs).toBe(pieces[at + 1]?.fromMs ?? record.endMs);
  }
  expect(pieces.at(-1)).toMatchObject({ look: "stopped", fromMs: 4_001 });
  expect(pieces.at(-2)?.look).toBe("leads");
});

test("a message that is dropped is delayed no more", () => {
  const message = run().messages[0]!;
  const other = run().messages[1]!;
  const delayed = withFault([messageFault("lose", other)], messageFault("delay", message));
  expect(withFault(delayed, messageFault("lose", message)).map(({ verb }) => verb)).toEqual([
    ...["lose", "lose"],
  ]);
});
