/** Amounts as people write and read them. */

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  coinText,
  describeAmountProblem,
  formatAmount,
  parseAmount,
} from "../../src/primitives/amount.ts";

test.each([
  ["1", 100_000_000],
  ["1.5", 150_000_000],
  ["0.00000001", 1],
  ["00.10", 10_000_000],
  ["123sat", 123],
  ["123 sats", 123],
  ["0.1", 10_000_000],
  ["0.29", 29_000_000],
  [".5", 50_000_000],
  ["5.", 500_000_000],
  [" 2 ", 200_000_000],
  ["21000000", 2_100_000_000_000_000],
])("%j is %i satoshis", (text, satoshis) => {
  expect(parseAmount(text)).toEqual({ ok: true, value: satoshis });
});

test.each([
  ["", "amount-format"],
  ["1,5", "amount-format"],
  ["-1", "amount-format"],
  [".", "amount-format"],
  ["1.2.3", "amount-format"],
  ["1e8", "amount-format"],
  ["1.5sat", "amount-format"],
  ["Infinity", "amount-format"],
  ["0.000000001", "amount-decimals"],
  ["0", "amount-zero"],
  ["0sat", "amount-zero"],
  ["21000000.00000001", "amount-range"],
  ["9".repeat(400), "amount-range"],
])("%j is refused: %s", (text, rule) => {
  const parsed = parseAmount(text);
  expect(parsed).toEqual({ ok: false, problem: { rule } });
  expect(!parsed.ok && describeAmountProblem(text, parsed.problem)).toMatch(/^["T].*\.$/);
});

test.each([
  [0, "0.00000000"],
  [1, "0.00000001"],
  [-1, "-0.00000001"],
  [150_000_000, "1.50000000"],
  [-12_345_678_901, "-123.45678901"],
])("%i satoshis are written %s", (satoshis, text) => {
  expect(formatAmount(satoshis)).toBe(text);
});

test("in a sentence there are no more decimals than it takes", () => {
  const texts = [5_000_000_000, 1_000_000_000, 10_000, 1, 0, -150_000_000].map(coinText);
  expect(texts).toEqual(["50", "10", "0.0001", "0.00000001", "0", "−1.5"]);
});

test("whatever is written can be read again", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_100_000_000_000_000 }), (satoshis) => {
      expect(parseAmount(formatAmount(satoshis))).toEqual({ ok: true, value: satoshis });
      expect(parseAmount(coinText(satoshis))).toEqual({ ok: true, value: satoshis });
      expect(parseAmount(`${satoshis}sat`)).toEqual({ ok: true, value: satoshis });
    }),
  );
});
