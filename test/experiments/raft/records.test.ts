/** Runs what is claimed of Raft: all exact records but the slow ones, and elections against theory. */

import { describe, expect, test } from "vitest";
import { verdictOfFindings } from "../../../src/experiments/engine/claim.ts";
import { examinationOf } from "../../../src/experiments/engine/exact-experiment.ts";
import { ElectionRacer } from "../../../src/experiments/raft/election-race.ts";
import { exactRaftExperiments } from "../../../src/experiments/raft/records.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { splitVoteProbability } from "../../../src/theory/elections.ts";
import { zScore } from "../../../src/theory/statistics.ts";

/** R19 has tests of its own. */
const slow = new Set(["R1", "R4", "R19"]);
const records = exactRaftExperiments.filter(({ code }) => !slow.has(code));

test.each(records)("$code stands as expected: $id", (record) => {
  const { values, seed } = examinationOf(record, record.quick ?? {}, "test");
  const findings = record.examine(values, seed);
  expect(findings.filter(({ holds }) => !holds)).toEqual([]);
  expect(verdictOfFindings(record, findings)).toBe(
    record.isRefuted ? "refuted as expected" : "holds",
  );
});

describe("elections of the real machine", () => {
  const range = 1_000_000;
  const times = { timeoutMin: 10 * range, timeoutMax: 11 * range, termMax: 1 };

  test.each([
    [5, 4, 0.2],
    [5, 3, 0.1],
    [3, 3, 0.3],
    [4, 3, 0.1],
  ])("of %d, of which %d are up, split votes as often as theory says", (nodes, available, l) => {
    const race = { nodes, available, ...times, drawLatency: () => l * range };
    const racer = new ElectionRacer(race, createRandom(1, `${nodes} ${available} ${l}`));
    const runs = 5_000;
    let splits = 0;
    for (let run = 0; run < runs; run++) if (racer.run().electedAt === undefined) splits += 1;
    const theory = splitVoteProbability({ nodes, available }, l);
    expect(Math.abs(zScore(splits / runs, theory, runs))).toBeLessThan(3);
  });

  test("only processes whose logs a majority's votes allow are elected", () => {
    const race = { nodes: 3, available: 2, entries: [0, 1], ...times, termMax: Infinity };
    const racer = new ElectionRacer({ ...race, drawLatency: () => 1 }, createRandom(1));
    const longer = Array.from({ length: 200 }, () => racer.run());
    // The process with the shorter log, where it comes first, costs a term.
    const second = longer.filter(({ term }) => term > 1).length;
    expect(second).toBeGreaterThan(50);
    expect(second).toBeLessThan(150);
  });
});
