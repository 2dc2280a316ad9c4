/** What runs amount to beside theory: above it z is positive, below it negative. */

import { expect, test } from "vitest";
import { estimateOf, type Tally } from "../../../src/experiments/engine/tally.ts";

const tallies: readonly Tally[] = [
  { type: "count", runs: 100, successes: 60 },
  { type: "rate", units: 100, hits: 60, unitVariance: 0.24 },
];

test.each(tallies)("a $type above theory has a z above 0, and below it one below", (tally) => {
  expect(estimateOf(tally, 0.5).estimate).toBe(0.6);
  expect(estimateOf(tally, 0.5).z).toBeGreaterThan(1.9);
  expect(estimateOf(tally, 0.7).z).toBeLessThan(-1.9);
  expect(estimateOf(tally, 0.6).z).toBe(0);
  expect(estimateOf(tally, undefined).z).toBeUndefined();
});
