/** Coin choice: what it pays, what it costs, and that it never pays too little. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Satoshi } from "../../src/primitives/brand.ts";
import type { Output } from "../../src/primitives/transaction.ts";
import { chooseAll, chooseCoins, dustMin, feeOf, weightOfPayment } from "../../src/wallet/coins.ts";

const script = Uint8Array.of(0x51, 32, ...new Uint8Array(32));

/** Virtual bytes of a payment with these numbers of inputs and outputs. */
function sizeOf(inputs: number, outputs: number): number {
  return Math.ceil((42 + 230 * inputs + 172 * outputs) / 4);
}

describe("sizes", () => {
  test("an input takes 57.5 virtual bytes, an output 43, the rest 10.5", () => {
    const weight = weightOfPayment(1, paying(1));
    expect(weight).toBe(4 * (57.5 + 43 + 10.5));
    expect(weightOfPayment(2, paying(1)) - weight).toBe(4 * 57.5);
    expect(weightOfPayment(1, paying(1, 1)) - weight).toBe(4 * 43);
  });

  test("from 253 inputs on their count takes two more bytes", () => {
    const step = weightOfPayment(253, paying(1)) - weightOfPayment(252, paying(1));
    expect(step).toBe(230 + 4 * 2);
  });

  test("a fee is for whole virtual bytes, and is rounded up", () => {
    expect(feeOf(444, 1)).toBe(111);
    expect(feeOf(445, 1)).toBe(112);
    expect(feeOf(444, 1.005)).toBe(112);
  });
});

describe("choosing", () => {
  test("coins that fit exactly are taken, although a larger one would do", () => {
    const exact = 10_000 + sizeOf(2, 1);
    const choice = chosen([50_000, 4_000, exact - 4_000, 3_000], [10_000], 1);
    expect(choice.values).toEqual([exact - 4_000, 4_000]);
    expect(choice).toMatchObject({ change: 0, fee: sizeOf(2, 1) });
  });

  test("what change would cost may go to the miner instead", () => {
    const costOfChange = 43 + 57.5;
    const most = 10_000 + sizeOf(1, 1) + Math.floor(costOfChange);
    expect(chosen([most], [10_000], 1)).toMatchObject({ change: 0, fee: most - 10_000 });
  });

  test("otherwise the largest coins pay, and the rest comes back", () => {
    const choice = chosen([20_000, 90_000, 70_000], [100_000], 2);
    expect(choice.values).toEqual([90_000, 70_000]);
    expect(choice.fee).toBe(2 * sizeOf(2, 2));
    expect(choice.change).toBe(160_000 - 100_000 - 2 * sizeOf(2, 2));
  });

  test("change below the dust limit goes to the miner", () => {
    const dust = 10_000 + sizeOf(1, 2) + dustMin - 1;
    expect(chosen([dust], [10_000], 1).change).toBe(0);
    expect(chosen([dust + 1], [10_000], 1).change).toBe(dustMin);
  });

  test("a coin that costs more than it brings is left alone", () => {
    const choice = chosen([100_000, 500, 574], [50_000], 10);
    expect(choice.values).toEqual([100_000]);
  });

  test("too little is refused with what there is and what it takes", () => {
    expect(chooseCoins(coins(1_000, 2_000), paying(3_000), 1)).toEqual({
      ok: false,
      problem: { rule: "not-enough-funds", available: 3_000, required: 3_000 + sizeOf(2, 1) },
    });
    expect(chooseCoins([], paying(3_000), 1).ok).toBe(false);
  });

  test("many equal coins that never fit do not keep it searching", () => {
    const choice = chosen(Array<number>(1_400).fill(50_000), [1_234_567], 1);
    expect(choice.values).toHaveLength(25);
  });

  test("no payment has more inputs than nodes relay", () => {
    const choice = chooseAll(coins(...Array<number>(2_000).fill(50_000)), script, 1);
    expect(choice.ok && choice.value.coins).toHaveLength(1_500);
    expect(weightOfPayment(1_500, paying(1))).toBeLessThan(400_000);
  });
});

test("inputs pay for outputs, change and at least the fee rate, whatever the coins are", () => {
  const value = fc.integer({ min: 1, max: 2_000_000 });
  const rate = fc.double({ min: 1, max: 60, noNaN: true });
  const given = fc.record({
    values: fc.array(value, { maxLength: 30 }),
    targets: fc.array(value, { minLength: 1, maxLength: 3 }),
    rate,
  });
  fc.assert(
    fc.property(given, ({ values, targets, rate }) => {
      const choice = chooseCoins(coins(...values), paying(...targets), rate);
      const worthy = values.filter((each) => each > 57.5 * rate);
      if (!choice.ok) {
        const all = feeOf(weightOfPayment(worthy.length, paying(...targets)), rate);
        expect(sum(worthy)).toBeLessThan(sum(targets) + all);
        return;
      }
      const { fee, change } = choice.value;
      const outputs = paying(...targets, ...(change > 0 ? [change] : []));
      const spent = choice.value.coins.map((coin) => coin.value);
      expect(sum(spent)).toBe(sum(targets) + fee + change);
      expect(fee).toBeGreaterThanOrEqual(feeOf(weightOfPayment(spent.length, outputs), rate));
      expect(fee).toBeLessThan(feeOf(weightOfPayment(spent.length + 2, outputs), rate) + dustMin);
      expect(change === 0 || change >= dustMin).toBe(true);
      expect(spent.every((each) => values.includes(each))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

describe("choosing everything", () => {
  test("all worthy coins go, less the fee", () => {
    const choice = chooseAll(coins(10_000, 20_000, 50), script, 1);
    expect(choice).toMatchObject({
      ok: true,
      value: { fee: sizeOf(2, 1), change: 30_000 - sizeOf(2, 1) },
    });
  });

  test("nothing goes if what is left would be dust", () => {
    const enough = dustMin + sizeOf(1, 1);
    expect(chooseAll(coins(enough), script, 1).ok).toBe(true);
    expect(chooseAll(coins(enough - 1), script, 1)).toEqual({
      ok: false,
      problem: { rule: "not-enough-funds", available: enough - 1, required: enough },
    });
  });
});

function chosen(values: number[], targets: number[], feeRate: number) {
  const choice = chooseCoins(coins(...values), paying(...targets), feeRate);
  if (!choice.ok) throw new Error(choice.problem.rule);
  return { ...choice.value, values: choice.value.coins.map(({ value }) => value as number) };
}

function coins(...values: number[]): { value: Satoshi }[] {
  return values.map((value) => ({ value: value as Satoshi }));
}

function paying(...values: number[]): Output[] {
  return values.map((value) => ({ value: value as Satoshi, script }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
