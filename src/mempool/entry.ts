/** A waiting transaction: what it pays, which others it needs, and which need it. */

import type { Elapsed, Satoshi, Txid, Wtxid } from "../primitives/brand.ts";
import {
  type Transaction,
  txidOf,
  virtualSizeOf,
  weightOf,
  wtxidOf,
} from "../primitives/transaction.ts";

/** Some transactions together. */
export type PackageSums = {
  readonly count: number;
  readonly fees: Satoshi;
  readonly virtualSizeBytes: number;
};

type EntryFacts = {
  readonly transaction: Transaction;
  readonly txid: Txid;
  readonly wtxid: Wtxid;
  readonly fee: Satoshi;
  readonly weight: number;
  readonly virtualSizeBytes: number;
  /** When it came. */
  readonly time: Elapsed;
  /** The order of coming: larger than its parents'. */
  readonly position: number;
};

/** Parents and children are the nearest; ancestors and descendants are all, itself included. */
export type MempoolEntry = EntryFacts & {
  readonly parents: ReadonlySet<MempoolEntry>;
  readonly children: ReadonlySet<MempoolEntry>;
  readonly ancestors: PackageSums;
  readonly descendants: PackageSums;
};

/** An entry in the hands of the graph, which alone changes links and sums. */
export type LinkedEntry = EntryFacts & {
  readonly parents: Set<LinkedEntry>;
  readonly children: Set<LinkedEntry>;
  ancestors: PackageSums;
  descendants: PackageSums;
};

export function createEntry(
  transaction: Transaction,
  fee: Satoshi,
  time: Elapsed,
  position: number,
): LinkedEntry {
  const virtualSizeBytes = virtualSizeOf(transaction);
  const own = { count: 1, fees: fee, virtualSizeBytes };
  return {
    transaction,
    txid: txidOf(transaction),
    wtxid: wtxidOf(transaction),
    fee,
    weight: weightOf(transaction),
    virtualSizeBytes,
    time,
    position,
    parents: new Set(),
    children: new Set(),
    ancestors: own,
    descendants: own,
  };
}

type Measured = Pick<MempoolEntry, "fee" | "virtualSizeBytes">;

export function sumsWith(sums: PackageSums, entry: Measured): PackageSums {
  return {
    count: sums.count + 1,
    fees: (sums.fees + entry.fee) as Satoshi,
    virtualSizeBytes: sums.virtualSizeBytes + entry.virtualSizeBytes,
  };
}

export function sumsWithout(sums: PackageSums, entry: Measured): PackageSums {
  return {
    count: sums.count - 1,
    fees: (sums.fees - entry.fee) as Satoshi,
    virtualSizeBytes: sums.virtualSizeBytes - entry.virtualSizeBytes,
  };
}

/** Entries and everything unconfirmed that they need. */
export function ancestorsOf<E extends { readonly parents: ReadonlySet<E> }>(
  entries: Iterable<E>,
): Set<E> {
  const reached = new Set(entries);
  // A set is walked through to what is added on the way.
  for (const entry of reached) for (const parent of entry.parents) reached.add(parent);
  return reached;
}

/** Entries and everything that needs them. */
export function descendantsOf<E extends { readonly children: ReadonlySet<E> }>(
  entries: Iterable<E>,
): Set<E> {
  const reached = new Set(entries);
  for (const entry of reached) for (const child of entry.children) reached.add(child);
  return reached;
}

/** Parents before children. */
export function inOrder<E extends { readonly position: number }>(entries: Iterable<E>): E[] {
  return [...entries].sort((a, b) => a.position - b.position);
}
