/** Checks how transactions are found, wherever they are. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { type Queries, queriesOf } from "../../../src/io/queries/queries.ts";
import { feeOf } from "../../../src/io/queries/transactions.ts";
import { type Block, hashOfBlock } from "../../../src/primitives/block.ts";
import type { Txid } from "../../../src/primitives/brand.ts";
import { type Transaction, txidOf } from "../../../src/primitives/transaction.ts";
import { output, payment, type Spendable, spendable } from "../../builders.ts";
import { FullNodeScene, shop } from "../full-node-scene.ts";

const unknown = "ab".repeat(32) as Txid;

let scene: FullNodeScene;
let transactions: Queries["transactions"];
let coin: Spendable;
/** Pays the shop with a fee of 700; in the block `a1`. */
let paid: Transaction;
let a1: Block;
/** On a branch that never was active: it has the same payment. */
let b1: Block;
/** Waits: the shop pays on to itself, with a fee of 400. */
let waiting: Transaction;

//  … ─ f ─ a1:paid        waiting spends paid
//       └─ b1:paid
beforeAll(async () => {
  scene = await FullNodeScene.start();
  transactions = queriesOf(scene.full).transactions;
  [coin] = (await scene.fund(1)) as [Spendable];
  const fork = scene.tip;
  paid = payment({ from: [coin], to: [output(coin.output.value - 700, shop.script)] });
  a1 = await scene.mine([paid]);
  b1 = await scene.mine([paid], fork);
  const rest = coin.output.value - 1_100;
  waiting = payment({ from: [spendable(paid, 0, shop)], to: [output(rest, shop.script)] });
  await scene.full.runner.command({ type: "submit-transaction", transaction: waiting });
});

afterAll(() => scene.stop());

test("a confirmed one comes with what it spends and the block that holds it", () => {
  expect(transactions.find(txidOf(paid))).toEqual({
    transaction: paid,
    spent: [coin.output],
    confirmedBy: scene.entryOf(a1),
  });
  expect(transactions.confirmedBy(txidOf(paid))).toBe(scene.entryOf(a1));
});

test("one that waits comes with what it spends and without a block", () => {
  const found = transactions.find(txidOf(waiting))!;
  expect(found).toEqual({ transaction: waiting, spent: paid.outputs, confirmedBy: undefined });
  expect(feeOf(found)).toBe(400);
});

test("an unknown one is not found, and nothing confirms it", () => {
  expect(transactions.find(unknown)).toBeUndefined();
  expect(transactions.confirmedBy(unknown)).toBeUndefined();
  expect(transactions.proofOf(unknown)).toBeUndefined();
  expect(transactions.spenderOf({ txid: unknown, index: 0 })).toBeUndefined();
});

test("a fee is known where it is known what the inputs spend", () => {
  expect(transactions.findIn(hashOfBlock(a1), 0, 2)!.map(feeOf)).toEqual([undefined, 700]);
  expect(transactions.findIn(hashOfBlock(b1), 0, 2)!.map(feeOf)).toEqual([undefined, undefined]);
});

test("a block of another branch confirms nothing", () => {
  const found = transactions.findIn(hashOfBlock(b1), 1, Infinity);
  expect(found).toEqual([{ transaction: paid, spent: [], confirmedBy: undefined }]);
});

test("an output's spender is found in a block and among what waits", () => {
  expect(transactions.spenderOf(coin.point)).toEqual({
    txid: txidOf(paid),
    input: 0,
    confirmedBy: scene.entryOf(a1),
  });
  expect(transactions.spenderOf({ txid: txidOf(paid), index: 0 })).toEqual({
    txid: txidOf(waiting),
    input: 0,
    confirmedBy: undefined,
  });
  expect(transactions.spenderOf({ txid: txidOf(waiting), index: 0 })).toBeUndefined();
});
