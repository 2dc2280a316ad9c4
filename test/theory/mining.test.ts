/** Checks what mining brings in against published figures and simulated miners. */

import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/primitives/random.ts";
import {
  attemptsMean,
  selfishRevenue,
  selfishThreshold,
  staleFraction,
} from "../../src/theory/mining.ts";

describe("selfish mining", () => {
  // Eyal & Sirer 2014.
  test.each<[number, number, number]>([
    [0, 0.25, 0.19512],
    [0, 0.3, 0.27313],
    [0, 1 / 3, 0.33333],
    [0, 0.35, 0.36651],
    [0, 0.4, 0.48372],
    [0, 0.45, 0.65177],
    [0.5, 0.25, 0.25],
    [0.5, 0.3, 0.32687],
    [0.5, 0.4, 0.52558],
    [1, 0.3, 0.38062],
    [1, 0.4, 0.56744],
  ])("with gamma %d a share of %d earns %d of the blocks", (gamma, share, revenue) => {
    expect(Math.abs(selfishRevenue(share, gamma) - revenue)).toBeLessThanOrEqual(0.500001e-5);
  });

  // Eyal & Sirer 2014: one third, one quarter and nothing.
  test.each<[number, number]>([
    [0, 1 / 3],
    [0.5, 1 / 4],
    [1, 0],
  ])("with gamma %d it pays from a share of %d on, and not before", (gamma, threshold) => {
    expect(selfishThreshold(gamma)).toBeCloseTo(threshold, 12);
    const above = threshold + 0.01;
    expect(selfishRevenue(above, gamma)).toBeGreaterThan(above);
    const below = Math.max(threshold - 0.01, 0);
    expect(selfishRevenue(below, gamma)).toBeLessThanOrEqual(below);
  });

  test("nothing earns nothing, and from one half on there is no other branch", () => {
    expect(selfishRevenue(0, 1)).toBe(0);
    expect(selfishRevenue(0.4999999, 0)).toBeCloseTo(1, 5);
    expect(selfishRevenue(0.5, 0)).toBe(1);
    expect(selfishRevenue(0.9, 0)).toBe(1);
  });
});

describe("blocks lost to delay", () => {
  test.each([0.1, 0.5, 1, 4])("are as many as in 20,000 heights with a delay of %d", (delay) => {
    // The number of stale blocks at a height is a Poisson number: mean and variance are the delay.
    const heights = 20_000;
    const lost = countStale(delay, heights);
    const fraction = staleFraction(delay);
    const expected = (heights * fraction) / (1 - fraction);
    expect(Math.abs(lost - expected) / Math.sqrt(heights * delay)).toBeLessThan(3);
  });

  test("are none without delay", () => {
    expect(staleFraction(0)).toBe(0);
  });
});

describe("attempts for a block", () => {
  test.each<[bigint, number]>([
    [2n ** 256n - 1n, 1],
    [2n ** 255n - 1n, 2],
    [2n ** 240n - 1n, 2 ** 16],
    [0n, 2 ** 256],
    // Bitcoin's lowest difficulty, nBits 1d00ffff: 2^48 / 65535.
    [0xffffn << 208n, 4_295_032_833],
  ])("below a target of %d are %d on average", (target, attempts) => {
    expect(Math.abs(attemptsMean(target) / attempts - 1)).toBeLessThan(1e-9);
  });
});

test.each<[RegExp, () => number]>([
  [/^share .* 1.1$/, () => selfishRevenue(1.1, 0)],
  [/^gamma .* -1$/, () => selfishRevenue(0.1, -1)],
  [/^gamma .* 2$/, () => selfishThreshold(2)],
  [/^delayIntervals .* -1$/, () => staleFraction(-1)],
  [/^target .* -1$/, () => attemptsMean(-1n)],
  [/^target/, () => attemptsMean(2n ** 256n)],
])("bad input is refused by name: %s", (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});

/** Many miners, each of whom hears of a new height one delay after its first block was found. */
function countStale(delayIntervals: number, heights: number): number {
  const random = createRandom(2, `delay ${delayIntervals}`);
  let height = 0;
  let heardAt = 0;
  let stale = 0;
  for (let now = random.nextExponential(1); ; now += random.nextExponential(1)) {
    if (now < heardAt) {
      stale += 1;
      continue;
    }
    if (height === heights) return stale;
    height += 1;
    heardAt = now + delayIntervals;
  }
}
