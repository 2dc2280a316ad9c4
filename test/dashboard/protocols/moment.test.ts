/** Checks moments of a run: steps back and forward, addresses, and what is so at each. */

import { expect, test } from "vitest";
import {
  decodeMoment,
  encodeMoment,
  entryOf,
  leaderOf,
  momentAt,
  stageOf,
  step,
} from "../../../src/dashboard/protocols/run/moment.ts";
import type { Entry, RunRecord, Stage } from "../../../src/dashboard/simulator/run-record.ts";
import { usualSettings } from "../../../src/dashboard/simulator/run-settings.ts";

const view = { role: "follower", era: 1, isLeader: false, decisions: {}, blocked: [] };
const stage = { from: 0, atMs: 0, view, health: "running", isHonest: true } satisfies Stage;

/** Two messages and an election within one millisecond, then a commit. */
const entries: readonly Entry[] = [
  { atMs: 10, sign: "sent", text: "n1 asks", node: "n1", message: 0 },
  { atMs: 20, sign: "arrived", text: "n1 hears", node: "n1", message: 1 },
  { atMs: 20, sign: "leads", text: "n1 leads", node: "n1", era: 2 },
  { atMs: 20, sign: "sent", text: "n1 sends", node: "n1", message: 2 },
  { atMs: 30, sign: "commit", text: "n2 commits", node: "n2" },
];

const run: RunRecord = {
  settings: { ...usualSettings, protocol: "raft", nodes: 2 },
  ...{ schedule: [], struck: [], names: ["n1", "n2"], endMs: 40, entries, messages: [] },
  stages: {
    n1: [
      stage,
      { ...stage, from: 3, atMs: 20, view: { ...view, era: 2, isLeader: true } },
      { ...stage, from: 5, atMs: 30, view: { ...view, era: 2, isLeader: true }, health: "stopped" },
    ],
    n2: [stage],
  },
  operations: [],
  verdict: { holds: [], broken: undefined, refused: undefined },
};

test("a moment shows all that happens until then", () => {
  expect(momentAt(run, 19)).toEqual({ atMs: 19, shown: 1 });
  expect(momentAt(run, 20)).toEqual({ atMs: 20, shown: 4 });
  expect(momentAt(run, 99)).toEqual({ atMs: 40, shown: 5 });
  expect(momentAt(run, -1)).toEqual({ atMs: 0, shown: 0 });
});

test("steps go from one stop to the next, and back the same way", () => {
  const start = momentAt(run, 0);
  const forth = (kind: Parameters<typeof step>[2]) => {
    const moments = [start];
    for (let next = step(run, start, kind, "forward"); next !== moments.at(-1);) {
      moments.push(next);
      next = step(run, next, kind, "forward");
    }
    return moments;
  };
  expect(forth("everything").map(({ shown }) => shown)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(forth("message").map(({ shown }) => shown)).toEqual([0, 1, 2, 4]);
  expect(forth("event").map(({ shown }) => shown)).toEqual([0, 3, 5]);
  expect(forth("commit").map(({ shown }) => shown)).toEqual([0, 5]);
  const end = momentAt(run, 40);
  const back = step(run, end, "event", "back");
  expect(entryOf(run, back)?.text).toBe("n1 leads");
  expect(step(run, back, "event", "back")).toBe(back);
});

test("a process is what the last entry that was shown made of it", () => {
  const eraAt = (shown: number) => stageOf(run, "n1", { atMs: 20, shown })?.view.era;
  expect([0, 2, 3, 4].map(eraAt)).toEqual([1, 1, 2, 2]);
  expect(stageOf(run, "n3", { atMs: 20, shown: 2 })).toBeUndefined();
});

test("a process that is down leads no more", () => {
  expect(leaderOf(run, momentAt(run, 10))).toBeUndefined();
  expect(leaderOf(run, momentAt(run, 20))).toBe("n1");
  expect(leaderOf(run, momentAt(run, 30))).toBeUndefined();
});

test("an address names a moment, also within a millisecond", () => {
  for (let shown = 1; shown <= entries.length; shown++) {
    const moment = { atMs: entries[shown - 1]!.atMs, shown };
    expect(decodeMoment(run, encodeMoment(run, moment))).toEqual(moment);
  }
  expect(encodeMoment(run, { atMs: 20, shown: 3 })).toBe("20.2");
  expect(encodeMoment(run, { atMs: 20, shown: 4 })).toBe("20");
  expect(encodeMoment(run, { atMs: 25, shown: 4 })).toBe("25");
  expect(decodeMoment(run, "20.9")).toEqual(momentAt(run, 20));
  expect(decodeMoment(run, "soon")).toEqual({ atMs: 0, shown: 0 });
});
