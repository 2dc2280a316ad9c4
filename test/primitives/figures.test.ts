/** Probabilities, coins and spans as people read them. */

import { expect, test } from "vitest";
import {
  changeText,
  probabilityText,
  roughCoinText,
  spanText,
} from "../../src/primitives/figures.ts";

test.each([
  [0, "0 %"],
  [0.000_01, "less than 0.01 %"],
  [0.0012, "0.12 %"],
  [0.18, "18.0 %"],
  [0.9994, "99.9 %"],
  [0.9999, "more than 99.9 %"],
  [1, "100 %"],
])("a probability of %d is %s", (probability, text) => {
  expect(probabilityText(probability)).toBe(text);
});

test("dust behind the second decimal is left out, whatever the sign", () => {
  expect(roughCoinText(4_000_002_464)).toBe("40");
  expect(roughCoinText(-4_000_002_464)).toBe("−40");
  expect(roughCoinText(123_456_789)).toBe("1.23");
});

test("a change says whether it is a gain, a loss or none", () => {
  expect(changeText(4_000_002_464)).toBe("+40 coins");
  expect(changeText(-4_000_002_464)).toBe("−40 coins");
  expect(changeText(0)).toBe("±0");
});

test("an amount that is nothing but dust is exact", () => {
  expect(roughCoinText(2_464)).toBe("0.00002464");
  expect(roughCoinText(0)).toBe("0");
});

test.each([
  [0.4, "0 s"],
  [59, "59 s"],
  [60, "1 min"],
  [3_599, "1 h"],
  [28_740, "7 h 59 min"],
  [28_800, "8 h"],
  [86_400, "24 h"],
  [2 * 86_400, "2 days"],
  [333.4 * 86_400, "333 days"],
])("a span of %f s is %s", (seconds, text) => {
  expect(spanText(seconds)).toBe(text);
});
