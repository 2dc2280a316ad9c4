/** Checks intervals and scores of estimates against published and hand-made figures. */

import { expect, test } from "vitest";
import { createRandom } from "../../src/primitives/random.ts";
import {
  addSample,
  noSamples,
  ratioOf,
  wilsonInterval,
  zScore,
} from "../../src/theory/statistics.ts";

// Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3.
test.each<[number, number, number, number]>([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("%d of %d successes lie between Newcombe's %d and %d", (successes, trials, low, high) => {
  const interval = wilsonInterval(successes, trials, 1.959964);
  expect(Math.abs(interval[0] - low)).toBeLessThan(0.5001e-4);
  expect(Math.abs(interval[1] - high)).toBeLessThan(0.5001e-4);
});

test("the interval is symmetric, ends exactly at 0 and 1, and grows with its errors", () => {
  const few = wilsonInterval(3, 17);
  const many = wilsonInterval(14, 17);
  expect(many[0]).toBeCloseTo(1 - few[1], 12);
  expect(many[1]).toBeCloseTo(1 - few[0], 12);
  expect(wilsonInterval(0, 7)[0]).toBe(0);
  expect(wilsonInterval(7, 7)[1]).toBe(1);
  expect(wilsonInterval(3, 17, 3)[0]).toBeLessThan(few[0]);
});

test("about 95 of 100 intervals hold the true probability", () => {
  const random = createRandom(2, "coverage");
  const [rounds, trials, truth] = [4_000, 100, 0.3];
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    let successes = 0;
    for (let trial = 0; trial < trials; trial++) if (random.nextFloat() < truth) successes += 1;
    const [low, high] = wilsonInterval(successes, trials);
    if (low <= truth && truth <= high) held += 1;
  }
  expect(Math.abs(held / rounds - 0.95)).toBeLessThan(0.02);
});

test("three standard errors of the planned trials are the planned error", () => {
  // N = 9p(1 − p)/ε²
  expect(zScore(0.21, 0.2, 14_400)).toBeCloseTo(3, 9);
  expect(zScore(0.045, 0.05, 17_100)).toBeCloseTo(-3, 9);
});

test("where theory is certain, an estimate agrees or is infinitely far off", () => {
  expect(zScore(1, 1, 10)).toBe(0);
  expect(zScore(0.9, 1, 10)).toBe(-Infinity);
  expect(zScore(0.1, 0, 10)).toBe(Infinity);
});

test.each<[RegExp, () => unknown]>([
  [/^trials .* 0$/, () => wilsonInterval(0, 0)],
  [/^successes .* 11$/, () => wilsonInterval(11, 10)],
  [/^z .* -1$/, () => wilsonInterval(1, 10, -1)],
  [/^estimate .* 2$/, () => zScore(2, 0.5, 10)],
  [/^theory .* NaN$/, () => zScore(0.5, NaN, 10)],
  [/^trials .* 0.5$/, () => zScore(0.5, 0.5, 0.5)],
])("bad input is refused by name: %s", (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});

test("a ratio of sums has the error that many repetitions show", () => {
  // Rounds of 1 to 4 coins each: heads by coins.
  const random = createRandom(3, "ratio");
  const [repetitions, rounds] = [400, 200];
  const estimates: number[] = [];
  let errors = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    let sums = noSamples;
    for (let round = 0; round < rounds; round++) {
      const coins = 1 + random.nextBelow(4);
      const isLucky = random.nextFloat() < 0.5;
      sums = addSample(sums, isLucky ? coins : 0, coins);
    }
    const { estimate, error } = ratioOf(sums);
    estimates.push(estimate);
    errors += error / repetitions;
  }
  const mean = estimates.reduce((sum, each) => sum + each, 0) / repetitions;
  const variance = estimates.reduce((sum, each) => sum + (each - mean) ** 2, 0) / repetitions;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
  expect(Math.abs(Math.sqrt(variance) / errors - 1)).toBeLessThan(0.12);
});

test("a ratio needs two samples, and something to divide by", () => {
  expect(() => ratioOf(addSample(noSamples, 1, 1))).toThrow("samples must be");
  expect(() => ratioOf(addSample(addSample(noSamples, 0, 0), 0, 0))).toThrow("y must be");
});
