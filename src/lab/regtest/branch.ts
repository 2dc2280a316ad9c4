/** What stands on a branch that takes the place of some blocks. */

import type { Block } from "../../primitives/block.ts";
import type { Txid } from "../../primitives/brand.ts";
import { type Transaction, txidOf } from "../../primitives/transaction.ts";

export type BranchContents = {
  /** The transactions of each block, without its coinbase. */
  readonly blocks: readonly (readonly Transaction[])[];
  /** What is confirmed on the old branch and not on the new one, coinbases too. */
  readonly lost: ReadonlySet<Txid>;
};

export type BranchWish =
  | { readonly type: "same" }
  | { readonly type: "empty" }
  | { readonly type: "drop"; readonly txid: Txid }
  | { readonly type: "double-spend"; readonly txid: Txid; readonly conflict: Transaction };

/**
 * The transactions of the old blocks at their old heights, as far as the wish leaves them. What
 * spends something that is lost is lost, too.
 *
 * @param blocks the lowest first; at least one.
 */
export function branchInsteadOf(blocks: readonly Block[], wish: BranchWish): BranchContents {
  const lost = new Set(blocks.flatMap(({ transactions }) => transactions.slice(0, 1).map(txidOf)));
  const contents = blocks.map(({ transactions }) => {
    return transactions.slice(1).flatMap((transaction) => {
      const txid = txidOf(transaction);
      const isUnwanted = wish.type === "empty" || ("txid" in wish && wish.txid === txid);
      const isOrphaned = transaction.inputs.some(({ previous }) => lost.has(previous.txid));
      if (!isUnwanted && !isOrphaned) return [transaction];
      lost.add(txid);
      return wish.type === "double-spend" && wish.txid === txid ? [wish.conflict] : [];
    });
  });
  if (wish.type === "double-spend" && !lost.has(wish.txid)) {
    contents.at(-1)?.push(wish.conflict); // it takes the place of one that waits
  }
  return { blocks: contents, lost };
}
