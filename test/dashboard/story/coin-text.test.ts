/** Amounts in coins, read and written without losing a satoshi. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { coinText, parseCoins } from "../../../src/dashboard/story/coin-text.ts";

function satoshisOf(text: string): number | string {
  const reading = parseCoins(text);
  return reading.ok ? reading.value : reading.problem;
}

test("coins are read exactly, where floating point would not be", () => {
  expect(satoshisOf("1")).toBe(100_000_000);
  expect(satoshisOf("0.29")).toBe(29_000_000);
  expect(satoshisOf(" 4.35 ")).toBe(435_000_000);
  expect(satoshisOf("0.00000001")).toBe(1);
  expect(satoshisOf("20999999.99999999")).toBe(2_099_999_999_999_999);
});

test("a number may begin or end with its point, and the point may be a comma", () => {
  expect(satoshisOf(".5")).toBe(50_000_000);
  expect(satoshisOf("5.")).toBe(500_000_000);
  expect(satoshisOf("0,5")).toBe(50_000_000);
});

test.each([
  ["", "Enter an amount, such as 1.5."],
  [".", '"." is not an amount: write coins, such as 1.5.'],
  ["ten", '"ten" is not an amount: write coins, such as 1.5.'],
  ["-1", '"-1" is not an amount: write coins, such as 1.5.'],
  ["1e3", '"1e3" is not an amount: write coins, such as 1.5.'],
  ["1.2.3", '"1.2.3" is not an amount: write coins, such as 1.5.'],
  ["0.000", "The amount must be more than nothing."],
  ["0.000000001", "That is too fine: the smallest amount is 0.00000001."],
  ["21000000.00000001", "Only 21000000 coins can ever exist."],
])("%j is refused in one sentence", (text, problem) => {
  expect(satoshisOf(text)).toBe(problem);
});

test("coins are written with no more decimals than it takes", () => {
  const texts = [5_000_000_000, 10_000, 1, 0, -150_000_000].map(coinText);
  expect(texts).toEqual(["50", "0.0001", "0.00000001", "0", "−1.5"]);
});

test("what is written is read as the same amount", () => {
  const amounts = fc.integer({ min: 1, max: 2_100_000_000_000_000 });
  fc.assert(fc.property(amounts, (satoshis) => satoshisOf(coinText(satoshis)) === satoshis));
});
