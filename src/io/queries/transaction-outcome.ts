/** The outcome of a transaction: confirmed, waiting, or gone and why. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { Txid } from "../../primitives/brand.ts";
import { txidOf } from "../../primitives/transaction.ts";
import type { Queries } from "./queries.ts";
import type { Orphaning, Removal } from "./recent-history.ts";
import type { FoundTransaction, Transactions } from "./transactions.ts";

export type TransactionOutcome = {
  readonly txid: Txid;
  /** The last time that a block which held it was left behind. */
  readonly orphaning: Orphaning | undefined;
  /** Undefined if its bytes are not kept. */
  readonly found: FoundTransaction | undefined;
} & TransactionState;

export type TransactionState =
  | {
      readonly state: "confirmed";
      readonly confirmedBy: TreeEntry;
      /** 1 in the tip. */
      readonly confirmations: number;
    }
  | { readonly state: "waiting" }
  /** It was seen, and is neither in the chain nor waiting. */
  | { readonly state: "gone"; readonly removal: Removal | undefined };

/**
 * Undefined for a transaction that this node has not seen since it started, or dropped from its
 * records.
 */
export function outcomeOf(
  txid: Txid,
  { served, transactions, recentHistory }: Queries,
): TransactionOutcome | undefined {
  const past = recentHistory.pastOf(txid);
  const current = transactions.find(txid);
  if (current === undefined && past === undefined) return undefined;
  const orphaning = past?.orphaning;
  const found = current ?? findOrphaned(txid, orphaning, transactions);
  const facts = { txid, orphaning, found };
  if (current === undefined) return { ...facts, state: "gone", removal: past?.removal };
  const { confirmedBy } = current;
  if (confirmedBy === undefined) return { ...facts, state: "waiting" };
  const confirmations = served.node.chain.tip.height - confirmedBy.height + 1;
  return { ...facts, state: "confirmed", confirmedBy, confirmations };
}

/** The block that was left behind is still there, and holds it. */
function findOrphaned(
  txid: Txid,
  orphaning: Orphaning | undefined,
  transactions: Transactions,
): FoundTransaction | undefined {
  if (orphaning === undefined) return undefined;
  const all = transactions.findIn(orphaning.block, 0, Infinity);
  return all?.find(({ transaction }) => txidOf(transaction) === txid);
}
