/** Counts stale blocks beside theory. */

import { expect, test } from "vitest";
import { runStale, StaleSimulation, staleTheory } from "../../src/sim/stale.ts";

const blocks = 4_000;

test.each([
  [100, 0.1, 0.0931],
  [100, 0.5, 0.3316],
  [100, 1, 0.4957],
  [10, 0.5, 0.3007],
  [2, 1, 0.2515],
])("%d miners with a delay of %d intervals waste as much as others found", (miners, x, found) => {
  const { estimate, standardError } = runStale({ miners, x, blocks, seed: 1 });
  expect(Math.abs(estimate - found)).toBeLessThan(3 * standardError);
  expect(Math.abs(estimate - staleTheory(miners, x))).toBeLessThan(3 * standardError);
});

test("without delay nothing is wasted", () => {
  const run = { miners: 5, x: 0, blocks: 500, seed: 1 };
  expect(runStale(run)).toEqual({ blocks: 500, staleBlocks: 0, estimate: 0, standardError: 0 });
});

test("the same seed wastes the same blocks", () => {
  const run = { miners: 7, x: 1, blocks: 500, seed: "again" };
  expect(runStale(run)).toEqual(runStale(run));
  expect(runStale({ ...run, seed: "other" })).not.toEqual(runStale(run));
});

test("in pieces it comes to the same, and tells how far it is", () => {
  const run = { miners: 7, x: 1, blocks: 500, seed: "pieces" };
  const simulation = new StaleSimulation(run);
  expect(simulation.progress).toBe(0);
  expect(simulation.advance(300)).toBe(true);
  const { blocks, staleBlocks, estimate } = simulation.outcome;
  expect(simulation.progress).toBe(blocks / 500);
  expect(blocks).toBeGreaterThan(0);
  expect(blocks).toBeLessThan(500);
  expect(estimate).toBe(staleBlocks / blocks);
  while (simulation.advance(300));
  expect(simulation.outcome).toEqual(runStale(run));
});

test("terms that make no sense are refused by their names", () => {
  const run = { miners: 5, x: 1, blocks: 10, seed: 1 };
  expect(() => runStale({ ...run, miners: 1 })).toThrow("miners must be");
  expect(() => runStale({ ...run, x: NaN })).toThrow("x must be");
  expect(() => runStale({ ...run, blocks: 0 })).toThrow("blocks must be");
});
