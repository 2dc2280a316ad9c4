/** Twins: they cannot fork the right rules, fork wrong ones, and are one too many when there are two. */

import { expect, test } from "vitest";
import { runTwins } from "../../../src/experiments/bft/twins.ts";
import { pbft } from "../../../src/protocols/pbft/pbft.ts";
import { type PbftRules, pbftRules } from "../../../src/protocols/pbft/rules.ts";
import { scheduleAt } from "../../../src/sim/twins/schedules.ts";
import { findingsOf, unmetIn } from "../findings.ts";

test("B10 is as expected, with parts in one view", () => {
  expect(unmetIn(findingsOf("B10", { views: 1 }))).toEqual([]);
});

function forksWith(rules: Partial<PbftRules>, number: number): number {
  const options = { progressMs: 200, resendMs: 150 };
  const protocol = pbft(options, { ...pbftRules, ...rules });
  return runTwins({ twins: 1, schedule: scheduleAt(5, 2, number), seed: "1", protocol }).forks;
}

test.each([
  ["quorums of two", 1, { quorum: () => 2 }],
  ["a view left without what was prepared", 3, { shows: () => [] }],
] as const)("one twin is enough for %s", (_, number, rules) => {
  expect(forksWith({}, number)).toBe(0);
  expect(forksWith(rules, number)).toBeGreaterThan(0);
});

test("a run of twins is the same each time", () => {
  const run = () => runTwins({ twins: 2, schedule: [3], seed: "1" });
  expect(run()).toEqual(run());
});
