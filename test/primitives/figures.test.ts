/** Probabilities and coins as people read them. */

import { expect, test } from "vitest";
import { probabilityText, roughCoinText } from "../../src/primitives/figures.ts";

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

test("an amount that is nothing but dust is exact", () => {
  expect(roughCoinText(2_464)).toBe("0.00002464");
  expect(roughCoinText(0)).toBe("0");
});
