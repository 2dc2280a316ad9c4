/** Checks what fee rates come to in a few numbers, and what is recommended of them. */

import { describe, expect, test } from "vitest";
import {
  feeRangeOf,
  medianOf,
  recommendedFees,
} from "../../../../src/io/http/mempool-space/fee-figures.ts";

describe("the range", () => {
  test("of nothing is zero", () => {
    expect(feeRangeOf([])).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test("of one is its fee rate", () => {
    expect(feeRangeOf([{ feeRate: 7, virtualSizeBytes: 100 }])).toEqual([7, 7, 7, 7, 7, 7, 7]);
  });

  test("counts bytes, not transactions", () => {
    const small = { feeRate: 90, virtualSizeBytes: 10 };
    const large = { feeRate: 2, virtualSizeBytes: 90 };
    const range = feeRangeOf([small, large]);
    expect(range).toEqual([2, 2, 2, 2, 2, 2, 90]);
    expect(medianOf(range)).toBe(2);
  });

  test("has the fee rates below which a tenth, a quarter, a half and more of the bytes are", () => {
    const rated = Array.from({ length: 100 }, (_, i) => ({
      feeRate: i + 1,
      virtualSizeBytes: 100,
    }));
    expect(feeRangeOf(rated)).toEqual([1, 10, 25, 50, 75, 90, 100]);
  });
});

describe("what is recommended", () => {
  const full = (medianFee: number) => ({ blockVSize: 999_000, medianFee });

  test.each([
    ["the least while nothing waits", [], 1, [1, 1, 1, 1, 1]],
    [
      "the least while half a block waits",
      [{ blockVSize: 500_000, medianFee: 80 }],
      1,
      [1, 1, 1, 1, 1],
    ],
    [
      "half the median of a block that is three quarters full",
      [{ blockVSize: 750_000, medianFee: 80 }],
      1,
      [40, 1, 1, 1, 1],
    ],
    ["the median of a full block", [full(80)], 1, [80, 1, 1, 1, 1]],
    [
      "medians that follow each other slowly",
      [full(80), full(40), full(20)],
      1,
      [80, 60, 40, 2, 1],
    ],
    ["never less than what is admitted", [full(2)], 4.2, [5, 5, 5, 5, 5]],
    ["no more for later blocks than for earlier ones", [full(3), full(30)], 1, [17, 17, 1, 1, 1]],
  ] as const)(
    "%s",
    (_name, blocks, minimum, [fastestFee, halfHourFee, hourFee, economyFee, minimumFee]) => {
      expect(recommendedFees(blocks, minimum)).toEqual({
        ...{ fastestFee, halfHourFee, hourFee, economyFee, minimumFee },
      });
    },
  );
});
