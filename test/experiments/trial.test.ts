/** Checks that batches add up to the same estimate however they are dealt out. */

import { describe, expect, test } from "vitest";
import { createTinyVerifier } from "../../src/io/verifying/signature-verifier.ts";
import {
  doubleSpendExperiment,
  doubleSpendTable,
  resultOf,
  selfishTable,
  staleTable,
  worstScore,
  type Experiment,
  type Result,
} from "../../src/experiments/experiment.ts";
import { addTallies, estimateOf } from "../../src/experiments/tally.ts";
import { batchesOf, theoryOf, TrialPlayer } from "../../src/experiments/trial.ts";

const player = new TrialPlayer(createTinyVerifier());

function play(experiment: Experiment, seed = "1"): Result {
  const batches = batchesOf(experiment.trial, seed, experiment.units);
  const tallies = batches.map((batch) => player.play(batch));
  return resultOf(experiment, tallies);
}

const cell = { share: 0.3, confirmations: 3, premine: 0 as const };

test("batches cover all runs once", () => {
  const { trial } = doubleSpendExperiment(cell, 1);
  const batches = batchesOf(trial, "1", 5_001);
  expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(5_001);
  for (const [position, { first }] of batches.entries()) {
    const before = batches[position - 1];
    expect(first).toBe(before === undefined ? 0 : before.first + before.count);
  }
});

test("a batch is the same whenever it is played, and another seed gives another", () => {
  const { trial } = doubleSpendExperiment(cell, 1);
  const [first, second] = batchesOf(trial, "1", 4_000);
  const tally = player.play(first!);
  expect(player.play(second!)).not.toEqual(tally);
  expect(player.play(first!)).toEqual(tally);
  expect(player.play({ ...first!, seed: "2" })).not.toEqual(tally);
});

test("a single experiment says what it is about, what it found, and what theory says", () => {
  const result = play(doubleSpendExperiment(cell, 14_400));
  expect(result.about).toEqual({ ...cell, giveUpBehind: 28 });
  expect(result.runs).toBe(14_400);
  expect(result.theory).toBeCloseTo(0.180051, 6);
  expect(Math.abs(result.z!)).toBeLessThan(3);
  expect(result.interval[0]).toBeLessThan(result.estimate);
  expect(result.interval[1]).toBeGreaterThan(result.estimate);
});

test("real nodes play the same experiment", () => {
  const experiment = doubleSpendExperiment({ ...cell, confirmations: 1, engine: "nodes" }, 9);
  const result = play(experiment);
  expect(result.runs).toBe(9);
  expect(Math.abs(result.z!)).toBeLessThan(3);
});

describe("tables", () => {
  test("of double spends: at least 40 cells for each premine, none four errors off", () => {
    for (const premine of [0, 1] as const) {
      const results = doubleSpendTable([premine], 5_000).map((each) => play(each));
      expect(results.length).toBeGreaterThanOrEqual(40);
      expect(worstScore(results)).toBeLessThan(4);
    }
  });

  test("of selfish mining: none four errors off", () => {
    const results = selfishTable(100_000).map((each) => play(each));
    expect(results).toHaveLength(24);
    expect(worstScore(results)).toBeLessThan(4);
  });

  test("of stale blocks: as many as others found for 100 miners, within three errors", () => {
    const published = [0.0931, 0.3316, 0.4957];
    const results = staleTable(100, 10_000, [0.1, 0.5, 1]).map((each) => play(each));
    for (const [position, { estimate, interval }] of results.entries()) {
      const error = (interval[1] - interval[0]) / (2 * 1.96);
      expect(Math.abs(estimate - published[position]!) / error).toBeLessThan(3);
    }
    expect(worstScore(results)).toBeLessThan(4);
  });

  test("of cut networks and false friends: none four errors off", () => {
    const trials = [
      { type: "partition", share: 0.5, intervals: 10 },
      { type: "partition", share: 0.3, intervals: 100 },
      { type: "eclipse", share: 0.8, peers: 8 },
    ] as const;
    for (const trial of trials) {
      const result = play({ trial, units: 5_000, about: {}, beside: {} });
      expect(Math.abs(result.z!)).toBeLessThan(4);
    }
  });
});

test("a stubborn miner has no closed form, so no score either", () => {
  const stubborn = { lead: true, equalFork: false, trail: 0 };
  const trial = { type: "selfish-mining", terms: { share: 0.3, gamma: 1, stubborn } } as const;
  expect(theoryOf(trial)).toBeUndefined();
  const result = play({ trial, units: 1_000, about: {}, beside: {} });
  expect(result.z).toBeUndefined();
});

test("tallies of different things are not added, nor is nothing", () => {
  const count = { type: "count", runs: 1, successes: 1 } as const;
  const rate = { type: "rate", units: 1, hits: 1, unitVariance: 1 } as const;
  expect(() => addTallies([count, rate])).toThrow("cannot be added");
  expect(() => addTallies([])).toThrow("nothing to add");
  expect(estimateOf(addTallies([count, { ...count, successes: 0 }]), 0.5)).toMatchObject({
    estimate: 0.5,
    runs: 2,
    z: 0,
  });
});
