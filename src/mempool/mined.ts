/** What new blocks mean for waiting transactions: which are mined, which conflict, which return. */

import type { BranchBlock } from "../chain/change.ts";
import type { Txid } from "../primitives/brand.ts";
import { outPointName, type Transaction, txidOf } from "../primitives/transaction.ts";
import { inOrder, type LinkedEntry } from "./entry.ts";
import type { Graph } from "./graph.ts";

/** A transaction that cannot be mined any more, because another spent its coin, or its parent's. */
export type Conflicted = { readonly transaction: Transaction; readonly by: Txid };

/** The transactions of connected blocks, coinbases aside. */
export class Mined {
  /** In the blocks' order, so parents first. */
  readonly transactions: readonly Transaction[];
  readonly #txids: ReadonlySet<Txid>;
  readonly #spenders = new Map<string, Txid>();

  constructor(blocks: readonly BranchBlock[]) {
    this.transactions = blocks.flatMap(({ block }) => block.transactions.slice(1));
    this.#txids = new Set(this.transactions.map(txidOf));
    for (const transaction of this.transactions) {
      for (const { previous } of transaction.inputs) {
        this.#spenders.set(outPointName(previous), txidOf(transaction));
      }
    }
  }

  has(txid: Txid): boolean {
    return this.#txids.has(txid);
  }

  /** The mined transaction that spent a coin which this one needs, if it is another one. */
  rivalOf(transaction: Transaction): Txid | undefined {
    if (this.has(txidOf(transaction))) return undefined;
    for (const { previous } of transaction.inputs) {
      const spender = this.#spenders.get(outPointName(previous));
      if (spender !== undefined) return spender;
    }
    return undefined;
  }

  /** Those of the given, parents first, that have a rival or need one that has. */
  listConflicted(transactions: readonly Transaction[]): Conflicted[] {
    const rivals = new Map<Txid, Txid>();
    const conflicted: Conflicted[] = [];
    for (const transaction of transactions) {
      const inherited = transaction.inputs.map(({ previous }) => rivals.get(previous.txid));
      const by = this.rivalOf(transaction) ?? inherited.find((rival) => rival !== undefined);
      if (by === undefined) continue;
      rivals.set(txidOf(transaction), by);
      conflicted.push({ transaction, by });
    }
    return conflicted;
  }
}

/** Takes out what blocks contain; returns it. */
export function removeMined(graph: Graph, mined: Mined): Transaction[] {
  const entries = mined.transactions.map((transaction) => graph.get(txidOf(transaction)));
  const waited = entries.filter((entry) => entry !== undefined);
  for (const entry of waited) graph.remove(entry);
  return waited.map(({ transaction }) => transaction);
}

/** Takes out what spends a coin that blocks have spent, with all that needs it. */
export function removeConflicted(graph: Graph, mined: Mined): Conflicted[] {
  const conflicted: Conflicted[] = [];
  for (const transaction of mined.transactions) {
    const removed = graph.removeWithDescendants(graph.conflictsOf(transaction));
    for (const entry of removed) {
      conflicted.push({ transaction: entry.transaction, by: txidOf(transaction) });
    }
  }
  return conflicted;
}

/** The transactions of disconnected blocks, the oldest first, without what was mined again. */
export function listDisconnected(back: readonly BranchBlock[], mined: Mined): Transaction[] {
  return back
    .toReversed()
    .flatMap(({ block }) => block.transactions.slice(1))
    .filter((transaction) => !mined.has(txidOf(transaction)));
}

/** Takes out what spends outputs of these transactions, with all that needs it; parents first. */
export function removeSpenders(graph: Graph, transactions: readonly Transaction[]): LinkedEntry[] {
  const spenders = transactions.flatMap((transaction) => {
    const txid = txidOf(transaction);
    return transaction.outputs.map((_, index) => graph.spenderOf({ txid, index }));
  });
  const waiting = spenders.filter((entry) => entry !== undefined);
  return inOrder(graph.removeWithDescendants(waiting));
}
