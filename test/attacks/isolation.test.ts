/** Checks the odds of being cut off against figures computed elsewhere. */

import { expect, test } from "vitest";
import { eclipseOdds, partitionDepthMean } from "../../src/attacks/isolation.ts";

test.each<[number, number, number, number]>([
  // Means of min(Poisson(s·t), Poisson((1 − s)·t)), summed independently.
  [0.5, 10, 3.755, 3],
  [0.5, 100, 46.02, 2],
  [0.3, 100, 30.0, 2],
])(
  "halves of share %d, apart for %d intervals, lose %d blocks",
  (share, intervals, mean, digits) => {
    expect(partitionDepthMean(share, intervals)).toBeCloseTo(mean, digits);
    expect(partitionDepthMean(1 - share, intervals)).toBeCloseTo(mean, digits);
  },
);

test("a half without power, or no time apart, loses nothing", () => {
  expect(partitionDepthMean(0, 50)).toBe(0);
  expect(partitionDepthMean(0.5, 0)).toBe(0);
});

test("eight peers are all false with the eighth power of the odds of one", () => {
  expect(eclipseOdds(0.8, 8)).toBeCloseTo(0.16777216, 12);
  expect(eclipseOdds(1, 8)).toBe(1);
  expect(() => eclipseOdds(1.1, 8)).toThrow("share must be");
});
