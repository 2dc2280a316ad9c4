/** A block's transactions as an index sees them: each in its place, with the coins it spent. */

import type { BranchBlock } from "../chain/change.ts";
import type { Coin } from "../consensus/coin.ts";
import type { Txid } from "../primitives/brand.ts";
import { isCoinbase, type OutPoint, type Output, txidOf } from "../primitives/transaction.ts";

export type ConnectedTransaction = {
  readonly txid: Txid;
  /** In its block; the coinbase is at 0. */
  readonly position: number;
  readonly outputs: readonly Output[];
  /** In the order of its inputs; a coinbase spends none. */
  readonly spent: readonly SpentCoin[];
};

export type SpentCoin = { readonly point: OutPoint; readonly coin: Coin };

/** @param spent the coins that the whole block spent: its undo record. */
export function connectedTransactions(
  { block }: BranchBlock,
  spent: readonly Coin[],
): ConnectedTransaction[] {
  let used = 0;
  return block.transactions.map((transaction, position) => {
    const inputs = isCoinbase(transaction) ? [] : transaction.inputs;
    const first = used;
    used += inputs.length;
    return {
      txid: txidOf(transaction),
      position,
      outputs: transaction.outputs,
      spent: inputs.map(({ previous }, i) => ({ point: previous, coin: spent[first + i] as Coin })),
    };
  });
}
