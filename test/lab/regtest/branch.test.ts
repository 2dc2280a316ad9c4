/** Which transactions stand on a branch that takes the place of some blocks. */

import { expect, test } from "vitest";
import { branchInsteadOf } from "../../../src/lab/regtest/branch.ts";
import type { Block } from "../../../src/primitives/block.ts";
import type { Satoshi, Txid } from "../../../src/primitives/brand.ts";
import { type Transaction, txidOf } from "../../../src/primitives/transaction.ts";

let count = 0;
const unrelated = "ab".repeat(32) as Txid;

/** Spends the first output of each of these. */
function spending(...parents: readonly Txid[]): Transaction {
  const inputs = parents.map((txid) => {
    const previous = { txid, index: 0 };
    return { previous, scriptSig: new Uint8Array(), sequence: 0, witness: [] };
  });
  const outputs = [{ value: (count += 1) as Satoshi, script: new Uint8Array() }];
  return { version: 2, inputs, outputs, lockTime: 0 };
}

//  [coinbase1, a, b←a]  [coinbase2, c←coinbase1, d]
const [a, d, coinbase1, coinbase2] = [1, 2, 3, 4].map(() => spending(unrelated)) as [
  Transaction,
  Transaction,
  Transaction,
  Transaction,
];
const b = spending(txidOf(a));
const c = spending(txidOf(coinbase1));
const blocks = [
  [coinbase1, a, b],
  [coinbase2, c, d],
].map((transactions) => {
  return { transactions } as unknown as Block; // their headers are not read
});

test("all stay at their heights, but for what spends a coinbase that is left behind", () => {
  expect(branchInsteadOf(blocks, { type: "same" }).blocks).toEqual([[a, b], [d]]);
});

test("what is dropped takes along what spends it", () => {
  const { blocks: contents, lost } = branchInsteadOf(blocks, { type: "drop", txid: txidOf(a) });
  expect(contents).toEqual([[], [d]]);
  expect(lost.has(txidOf(b))).toBe(true);
});

test("a conflicting payment stands where the first one stood, or last if that one waits", () => {
  const conflict = spending(unrelated);
  const spend = (txid: Txid) => branchInsteadOf(blocks, { type: "double-spend", txid, conflict });
  expect(spend(txidOf(a)).blocks).toEqual([[conflict], [d]]);
  expect(spend("cd".repeat(32) as Txid).blocks).toEqual([
    [a, b],
    [d, conflict],
  ]);
});

test("an empty branch has coinbases only", () => {
  expect(branchInsteadOf(blocks, { type: "empty" }).blocks).toEqual([[], []]);
});
