/** Checks what a block does to the coins, forwards and backwards. */

import { describe, expect, test } from "vitest";
import { CoinLayer, type CoinView } from "../../src/chain/coins.ts";
import { connectBlock, disconnectBlock } from "../../src/chain/connect.ts";
import type { PlacedBlock } from "../../src/consensus/block.ts";
import type { Coin } from "../../src/consensus/coin.ts";
import { subsidyAt } from "../../src/consensus/money.ts";
import type { Block } from "../../src/primitives/block.ts";
import { dataScript } from "../../src/primitives/script.ts";
import { type OutPoint, outPointName, type Transaction } from "../../src/primitives/transaction.ts";
import {
  blankPayment,
  keyOf,
  nobleVerifier,
  output,
  payment,
  type Spendable,
  spendable,
  trustingVerifier,
} from "../builders.ts";
import { coinNamed, lineOf, ruleOf } from "../consensus/samples.ts";
import { grow, practice } from "./forest.ts";

const height = 10;
const parent = lineOf([1_400_000_000], height - 1);
const alice = keyOf("alice");
const context = { height, medianTime: parent.medianTime, medianTimeAt: () => parent.medianTime };

function coinOf(index: number): Spendable {
  return { point: coinNamed(index), output: output(5000, alice.script), key: alice };
}

/** Coins that were there long before the block. */
class Purse implements CoinView {
  readonly #coins = new Map<string, Coin>();

  constructor(count: number) {
    for (let index = 0; index < count; index++) {
      const { point, output } = coinOf(index);
      this.#coins.set(outPointName(point), { output, height: index, isCoinbase: false });
    }
  }

  get(point: OutPoint): Coin | undefined {
    return this.#coins.get(outPointName(point));
  }
}

function blockWith(
  payments: readonly Transaction[],
  seed: { fees?: number; excess?: number } = {},
) {
  return grow(parent, practice, { payments, ...seed });
}

function connect(block: Block, layer: CoinLayer, verifier = trustingVerifier) {
  return connectBlock(block as PlacedBlock, layer, context, practice, verifier);
}

describe("the coinbase", () => {
  const pay = blankPayment({ from: [coinOf(0)], to: [output(4000, alice.script)] });

  test("may take subsidy and fees", () => {
    const block = blockWith([pay], { fees: 1000 });
    expect(ruleOf(connect(block, new CoinLayer(new Purse(1))))).toBe("valid");
  });

  test("may leave some of it", () => {
    const block = blockWith([pay], { fees: 400 });
    expect(ruleOf(connect(block, new CoinLayer(new Purse(1))))).toBe("valid");
  });

  test("may not take one satoshi more", () => {
    const verdict = connect(
      blockWith([pay], { fees: 1000, excess: 1 }),
      new CoinLayer(new Purse(1)),
    );
    const allowed = subsidyAt(height, practice) + 1000;
    const problem = { rule: "bad-cb-amount", claimed: allowed + 1, allowed };
    expect(verdict).toEqual({ ok: false, problem });
  });
});

test("the undo record has the spent coins in the order of the inputs", () => {
  const [a, b, c] = [coinOf(2), coinOf(0), coinOf(1)];
  const first = blankPayment({ from: [a, b], to: [output(10_000, alice.script)] });
  const second = blankPayment({
    from: [spendable(first, 0, alice), c],
    to: [output(15_000, alice.script)],
  });
  const undo = connect(blockWith([first, second]), new CoinLayer(new Purse(3)));
  const heights = undo.ok && undo.value.map((coin) => coin.height);
  expect(heights).toEqual([2, 0, height, 1]);
});

test("undone, a block leaves the coins as they were, also those made and spent in it", () => {
  const first = blankPayment({
    from: [coinOf(1), coinOf(0)],
    to: [output(6000, alice.script), output(4000, alice.script)],
  });
  const second = blankPayment({
    from: [spendable(first, 1, alice), coinOf(2)],
    to: [output(9000, alice.script)],
  });
  const block = blockWith([first, second]);
  const purse = new Purse(3);
  const layer = new CoinLayer(purse);
  const undo = connect(block, layer);
  if (!undo.ok) throw new Error(undo.problem.rule);
  expect(layer.get(coinNamed(0))).toBeUndefined();
  expect(layer.get(spendable(first, 1, alice).point)).toBeUndefined();
  disconnectBlock(block, undo.value, layer);
  for (const index of [0, 1, 2]) {
    expect(layer.get(coinNamed(index))).toEqual(purse.get(coinNamed(index)));
  }
  const made = [
    spendable(first, 0, alice),
    spendable(first, 1, alice),
    spendable(second, 0, alice),
    spendable(block.transactions[0]!, 0, alice),
  ];
  for (const { point } of made) expect(layer.get(point)).toBeUndefined();
});

test("an undo record of another length is a mistake of ours", () => {
  const block = blockWith([blankPayment({ from: [coinOf(0)], to: [output(1, alice.script)] })]);
  const layer = new CoinLayer(new Purse(1));
  const undo = connect(block, layer);
  if (!undo.ok) throw new Error(undo.problem.rule);
  const [coin] = undo.value;
  expect(() => disconnectBlock(block, [coin!, coin!], layer)).toThrow("too many");
  expect(() => disconnectBlock(block, [], layer)).toThrow();
});

test("outputs that nobody can spend make no coin", () => {
  const data = output(0, dataScript(Uint8Array.of(1, 2, 3)));
  const pay = blankPayment({ from: [coinOf(0)], to: [output(5000, alice.script), data] });
  const layer = new CoinLayer(new Purse(1));
  connect(blockWith([pay]), layer);
  expect(layer.get(spendable(pay, 0, alice).point)).toBeDefined();
  expect(layer.get(spendable(pay, 1, alice).point)).toBeUndefined();
});

describe("signatures", () => {
  const good = payment({ from: [coinOf(0)], to: [output(5000, alice.script)] });
  const forged = blankPayment({
    from: [coinOf(1), coinOf(2)],
    to: [output(10_000, alice.script)],
  });

  test("that hold are fine", () => {
    const verdict = connect(blockWith([good]), new CoinLayer(new Purse(1)), nobleVerifier);
    expect(ruleOf(verdict)).toBe("valid");
  });

  test("that fail are named by the input of their transaction", () => {
    const half = payment({ from: [coinOf(1), coinOf(2)], to: forged.outputs });
    const inputs = [half.inputs[0]!, forged.inputs[1]!];
    const block = blockWith([good, { ...half, inputs }]);
    const verdict = connect(block, new CoinLayer(new Purse(3)), nobleVerifier);
    const rule = "mandatory-script-verify-flag-failed";
    const problem = { rule, input: 1, reason: "Invalid Schnorr signature" };
    expect(verdict).toEqual({ ok: false, problem });
  });
});

test("a spend of a coin that is not there is refused", () => {
  const block = blockWith([blankPayment({ from: [coinOf(9)], to: [output(1, alice.script)] })]);
  const verdict = connect(block, new CoinLayer(new Purse(1)));
  expect(ruleOf(verdict)).toBe("bad-txns-inputs-missingorspent");
});
