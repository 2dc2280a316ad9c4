/** Checks fee estimates against queues whose depth is plain to see. */

import { expect, test } from "vitest";
import { feeEstimates } from "../../../src/io/queries/fee-estimates.ts";

const oneBlock = 1_000_000;

test.each([
  ["nothing waits: the least that is relayed", [], [1_000, 1_000, 1_000]],
  ["less than a block waits: it all fits", [[9, oneBlock]], [1_000, 1_000, 1_000]],
  ["a little more than a block waits", [[9, oneBlock + 1]], [9_000, 1_000, 1_000]],
  [
    "two and a half blocks wait, the best payers first",
    [
      [20, oneBlock / 2],
      [9, oneBlock],
      [5, oneBlock],
    ],
    [9_000, 5_000, 1_000],
  ],
  ["a part of a satoshi is rounded up", [[2.000_01, 2 * oneBlock]], [2_001, 1_000, 1_000]],
] as const)("%s", (_, bins, expected) => {
  const mempool = {
    feeRateMinPerKvb: 1_000,
    feeHistogram: () => bins.map(([a, b]) => [a, b] as const),
  };
  const estimates = feeEstimates(mempool, [1, 2, 3]);
  expect(estimates.map(({ blocks }) => blocks)).toEqual([1, 2, 3]);
  expect(estimates.map(({ satoshisPerKilobyte }) => satoshisPerKilobyte)).toEqual(expected);
});

test("no estimate is below what is admitted now", () => {
  const mempool = { feeRateMinPerKvb: 3_500, feeHistogram: () => [[2, 2 * oneBlock] as const] };
  expect(feeEstimates(mempool, [1])).toEqual([{ blocks: 1, satoshisPerKilobyte: 3_500 }]);
});
