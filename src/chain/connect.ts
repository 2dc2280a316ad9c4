/** A block's effect on the coins, forwards with every check and backwards by its undo record. */

import type { PlacedBody } from "../consensus/block.ts";
import type { Coin } from "../consensus/coin.ts";
import type { LockContext } from "../consensus/locks.ts";
import { subsidyAt } from "../consensus/money.ts";
import type { Params } from "../consensus/params.ts";
import type { BlockProblem } from "../consensus/problem.ts";
import { checkSpend, findBadSignature, type UnverifiedSpend } from "../consensus/spend.ts";
import { valueOut } from "../consensus/transaction.ts";
import type { Block } from "../primitives/block.ts";
import type { Satoshi } from "../primitives/brand.ts";
import { isUnspendable } from "../primitives/script.ts";
import type { SignatureVerifier } from "../primitives/signature.ts";
import { isCoinbase, type Transaction, txidOf } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import type { CoinLayer } from "./coins.ts";

/**
 * Applies a block to the coins in `layer` and checks every rule that needs coins.
 *
 * The answer is the coins it spent, in the order of its inputs: its undo record. After a problem
 * the layer is half changed and must be dropped.
 *
 * @see Bitcoin Core, Chainstate::ConnectBlock
 */
export function connectBlock(
  block: PlacedBody,
  layer: CoinLayer,
  context: LockContext,
  params: Params,
  verifier: SignatureVerifier,
): Verdict<readonly Coin[], BlockProblem> {
  const undo: Coin[] = [];
  const unverified: UnverifiedSpend[] = [];
  let fees = 0;
  for (const transaction of block.transactions) {
    if (!isCoinbase(transaction)) {
      const spend = checkSpend(transaction, (point) => layer.get(point), context, params);
      if (!spend.ok) return spend;
      unverified.push({ transaction, spent: spend.value.spent });
      fees += spend.value.fee;
      for (const { previous } of transaction.inputs) layer.remove(previous);
      for (const coin of spend.value.spent) undo.push(coin);
    }
    addOutputs(transaction, context.height, layer);
  }
  const coinbase = block.transactions[0] as Transaction;
  const claimed = valueOut(coinbase);
  const allowed = (subsidyAt(context.height, params) + fees) as Satoshi;
  if (claimed > allowed) return broken({ rule: "bad-cb-amount", claimed, allowed });
  const problem = findBadSignature(unverified, verifier); // last, because it costs most
  return problem ? broken(problem) : valid(undo);
}

function addOutputs(transaction: Transaction, height: number, layer: CoinLayer): void {
  const txid = txidOf(transaction);
  const fromCoinbase = isCoinbase(transaction);
  for (const [index, output] of transaction.outputs.entries()) {
    if (isUnspendable(output.script)) continue;
    layer.add({ txid, index }, { output, height, isCoinbase: fromCoinbase });
  }
}

/**
 * Takes a connected block back.
 *
 * The last transaction goes first, and of each the spent coins return before its own outputs go:
 * so a coin that was made and spent in this block is restored, then removed with its maker.
 */
export function disconnectBlock(block: Block, undo: readonly Coin[], layer: CoinLayer): void {
  let left = undo.length;
  for (const transaction of block.transactions.toReversed()) {
    if (!isCoinbase(transaction)) {
      for (const { previous } of transaction.inputs.toReversed()) {
        layer.add(previous, undo[--left] as Coin);
      }
    }
    const txid = txidOf(transaction);
    for (const index of transaction.outputs.keys()) layer.remove({ txid, index });
  }
  if (left !== 0) throw new Error(`the undo record has ${left} coins too many`);
}
