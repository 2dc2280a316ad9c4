/** Amounts for a glance. */

import { expect, test } from "vitest";
import { roughCoinText } from "../../../src/dashboard/story/rough-coin-text.ts";

test("dust behind the second decimal is left out, whatever the sign", () => {
  expect(roughCoinText(4_000_002_464)).toBe("40");
  expect(roughCoinText(-4_000_002_464)).toBe("−40");
  expect(roughCoinText(123_456_789)).toBe("1.23");
});

test("an amount that is nothing but dust is exact", () => {
  expect(roughCoinText(2_464)).toBe("0.00002464");
  expect(roughCoinText(0)).toBe("0");
});
