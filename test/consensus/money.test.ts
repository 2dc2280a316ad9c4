/** Checks how much money there will ever be. */

import { describe, expect, test } from "vitest";
import { moneyMax, subsidyAt } from "../../src/consensus/money.ts";
import { lab, main, regtest } from "../../src/consensus/params.ts";

describe("the subsidy", () => {
  test.each([
    [0, 5_000_000_000],
    [149, 5_000_000_000],
    [150, 2_500_000_000],
    [299, 2_500_000_000],
    [300, 1_250_000_000],
    [32 * 150, 1],
    [33 * 150 - 1, 1],
    [33 * 150, 0],
    [64 * 150, 0],
    [2 ** 31, 0],
  ])("of regtest's block %d is %d satoshis", (height, subsidy) => {
    expect(subsidyAt(height, regtest)).toBe(subsidy);
  });

  test.each([main, lab])("of $name halves after 210,000 blocks", (params) => {
    expect(subsidyAt(209_999, params)).toBe(5_000_000_000);
    expect(subsidyAt(210_000, params)).toBe(2_500_000_000);
    expect(subsidyAt(10 * 210_000, params)).toBe(4_882_812); // 4,882,812.5, rounded down
  });

  test("adds up to Bitcoin's 20,999,999.9769 coins, within the most that a value may be", () => {
    let total = 0;
    for (let era = 0; era < 40; era++) total += 210_000 * subsidyAt(era * 210_000, main);
    expect(total).toBe(2_099_999_997_690_000);
    expect(total).toBeLessThan(moneyMax);
  });
});
