/** Checks that batches add up to the same estimate however they are dealt out, and every claim. */

import { describe, expect, test } from "vitest";
import { experiments } from "../../../src/experiments/catalogue.ts";
import { batchesOf, BatchRunner } from "../../../src/experiments/engine/batch.ts";
import {
  type Cell,
  cellOf,
  type Experiment,
  resultOf,
  tableOf,
} from "../../../src/experiments/engine/experiment.ts";
import { type Result, worstScore } from "../../../src/experiments/engine/result.ts";
import { addTallies, estimateOf, type Tally } from "../../../src/experiments/engine/tally.ts";
import { difficulty } from "../../../src/experiments/proof-of-work/difficulty.ts";
import { doubleSpend } from "../../../src/experiments/proof-of-work/double-spend.ts";
import { eclipse } from "../../../src/experiments/proof-of-work/eclipse.ts";
import { partition } from "../../../src/experiments/proof-of-work/partition.ts";
import { selfishMining } from "../../../src/experiments/proof-of-work/selfish-mining.ts";
import { stale } from "../../../src/experiments/proof-of-work/stale.ts";
import { createTinyVerifier } from "../../../src/io/verifying/signature-verifier.ts";

const runner = new BatchRunner(experiments, createTinyVerifier());

function runCell(cell: Cell, seed = "1"): Result {
  const tallies = batchesOf(cell, seed).map((batch) => runner.run(batch));
  return resultOf(cell, tallies);
}

function runTable(experiment: Experiment, units: number): readonly Result[] {
  return tableOf(experiment, {}, units).map((cell) => runCell(cell));
}

const chosen = { share: 0.3, confirmations: 3, premine: 0 };

test("batches cover all runs once", () => {
  const batches = batchesOf(cellOf(doubleSpend, chosen, 5_001), "1");
  expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(5_001);
  for (const [position, { first }] of batches.entries()) {
    const before = batches[position - 1];
    expect(first).toBe(before === undefined ? 0 : before.first + before.count);
  }
});

test("a batch is the same whenever it is run, and another seed gives another", () => {
  const [first, second] = batchesOf(cellOf(doubleSpend, chosen, 4_000), "1");
  const tally = runner.run(first!);
  expect(runner.run(second!)).not.toEqual(tally);
  expect(runner.run(first!)).toEqual(tally);
  expect(runner.run({ ...first!, seed: "2" })).not.toEqual(tally);
});

test("a batch of an experiment that the runner does not know is refused", () => {
  const [batch] = batchesOf(cellOf(doubleSpend, chosen, 1), "1");
  expect(() => runner.run({ ...batch!, id: "none" })).toThrow("there is no experiment none");
});

test("a single experiment says what it is about, what it found, and what theory says", () => {
  const result = runCell(cellOf(doubleSpend, chosen, 14_400));
  expect(result).toMatchObject({
    id: "double-spend",
    values: { ...chosen, engine: "race" },
    units: { runs: 14_400 },
    runs: 14_400,
    holds: true,
  });
  expect(result.expected).toBeCloseTo(0.180051, 6);
  expect(Math.abs(result.z!)).toBeLessThan(3);
  expect(result.interval[0]).toBeLessThan(result.estimate);
  expect(result.interval[1]).toBeGreaterThan(result.estimate);
});

test("full nodes run the same experiment", () => {
  const values = { ...chosen, confirmations: 1, engine: "nodes" };
  const result = runCell(cellOf(doubleSpend, values, 9));
  expect(result.runs).toBe(9);
  expect(Math.abs(result.z!)).toBeLessThan(3);
});

describe("tables", () => {
  test("of double spends: at least 40 cells for each premine, none four errors off", () => {
    const results = runTable(doubleSpend, 5_000);
    for (const premine of [0, 1]) {
      const some = results.filter(({ values }) => values["premine"] === premine);
      expect(some.length).toBeGreaterThanOrEqual(40);
    }
    expect(worstScore(results)).toBeLessThan(4);
  });

  test("of selfish mining: none four errors off", () => {
    const results = runTable(selfishMining, 100_000);
    expect(results).toHaveLength(24);
    expect(worstScore(results)).toBeLessThan(4);
  });

  test("of stale blocks: as many as others found for 100 miners, within three errors", () => {
    const published = { 0.1: 0.0931, 0.5: 0.3316, 1: 0.4957 };
    for (const [delay, part] of Object.entries(published)) {
      const { estimate, interval } = runCell(cellOf(stale, { delay: Number(delay) }, 10_000));
      const error = (interval[1] - interval[0]) / (2 * 1.96);
      expect(Math.abs(estimate - part) / error).toBeLessThan(3);
    }
    expect(worstScore(runTable(stale, 10_000))).toBeLessThan(4);
  });

  test.each([partition, eclipse])("of $id: none four errors off", (experiment) => {
    const results = runTable(experiment, 5_000);
    expect(results).toHaveLength(4);
    expect(worstScore(results)).toBeLessThan(4);
  });

  test("of difficulty: no minority changes the pace under the lab's rule", () => {
    const cells = tableOf(difficulty, {}, 10_000);
    expect(cells).toHaveLength(6 * 3 * 3);
    const own = cells.filter(({ values }) => values["rule"] === "median");
    for (const result of own.map((cell) => runCell(cell))) {
      expect(result).toMatchObject({ expected: 2, holds: true });
    }
  });

  test("of difficulty: a pause of an hour counts as no more than its bound", () => {
    const result = runCell(cellOf(difficulty, { pause: 3600 }, 20_000));
    expect(result.expected).toBeCloseTo(2 - 58 / 500, 9);
    expect(result.estimate / result.expected!).toBeCloseTo(1, 1);
  });

  test("leave what they do not vary to whoever asks for them", () => {
    const cells = tableOf(stale, { miners: 10, delay: 7 }, 100);
    expect(cells.map(({ values }) => values["miners"])).toEqual([10, 10, 10, 10, 10, 10]);
    expect(cells.map(({ values }) => values["delay"])).toEqual([0.1, 0.25, 0.5, 0.75, 1, 2]);
  });
});

test("a stubborn miner has no closed form, so no score either", () => {
  const result = runCell(cellOf(selfishMining, { gamma: 1, stubborn: "lead" }, 1_000));
  expect(result).toMatchObject({ expected: undefined, z: undefined, holds: true });
});

describe("an estimate of 30 in 100 where 20 are expected", () => {
  const tally: Tally = { type: "count", runs: 100, successes: 30 };
  test.each([
    [{ type: "standard-errors", max: 2.6 }, true],
    [{ type: "standard-errors", max: 2.4 }, false],
    [{ type: "difference", max: 0.11 }, true],
    [{ type: "difference", max: 0 }, false],
    [{ type: "ratio", max: 0.51 }, true],
    [{ type: "ratio", max: 0.49 }, false],
  ] as const)("with the tolerance %o: %s", (tolerance, holds) => {
    const experiment = { ...eclipse, tolerance, expected: () => 0.2 };
    expect(resultOf(cellOf(experiment, {}, 100), [tally]).holds).toBe(holds);
  });
});

describe("the catalogue", () => {
  test("names each experiment once", () => {
    expect(new Set(experiments.map(({ id }) => id)).size).toBe(experiments.length);
  });

  test.each(experiments)(
    "$id claims something in one sentence, and varies its own values",
    (one) => {
      expect(one.claim).toMatch(/^[A-Z][^.]*\.$/);
      const names = Object.keys(one.parameters);
      for (const name of Object.keys(one.table.varies)) expect(names).toContain(name);
    },
  );
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
