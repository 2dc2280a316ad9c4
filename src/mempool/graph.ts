/** All waiting transactions, and who spends whose outputs. */

import type { Coin } from "../consensus/coin.ts";
import type { Satoshi, Txid, Wtxid } from "../primitives/brand.ts";
import { isUnspendable } from "../primitives/script.ts";
import { type OutPoint, outPointName, type Transaction } from "../primitives/transaction.ts";
import {
  ancestorsOf,
  descendantsOf,
  inOrder,
  type LinkedEntry,
  type PackageSums,
  sumsWith,
  sumsWithout,
} from "./entry.ts";
import { feeRateOf } from "./fee-rate.ts";
import { PriorityQueue } from "./queue.ts";

/** An entry as it once was: out of date when the entry has other sums by now. */
type Candidate = {
  readonly entry: LinkedEntry;
  readonly descendants: PackageSums;
  readonly feeRate: number;
};

/** Candidates that are out of date stay until there are this many more than entries. */
const outdatedMax = 1000;

/**
 * Keeps links and sums right. Entries come as leaves and go as leaves or as roots: so every sum
 * changes by exactly the entry that comes or goes.
 */
export class Graph {
  readonly #entries = new Map<Txid, LinkedEntry>();
  readonly #wtxids = new Set<Wtxid>();
  readonly #spenders = new Map<string, LinkedEntry>();
  readonly #evictionOrder = new PriorityQueue<Candidate>(isEvictedBefore);
  #virtualSizeBytes = 0;
  #fees = 0;

  get count(): number {
    return this.#entries.size;
  }

  get virtualSizeBytes(): number {
    return this.#virtualSizeBytes;
  }

  get fees(): Satoshi {
    return this.#fees as Satoshi;
  }

  get(txid: Txid): LinkedEntry | undefined {
    return this.#entries.get(txid);
  }

  hasWtxid(wtxid: Wtxid): boolean {
    return this.#wtxids.has(wtxid);
  }

  /** Parents before children. */
  entries(): Iterable<LinkedEntry> {
    return this.#entries.values();
  }

  spenderOf(point: OutPoint): LinkedEntry | undefined {
    return this.#spenders.get(outPointName(point));
  }

  /** Those that spend a coin which the transaction spends too. */
  conflictsOf(transaction: Transaction): Set<LinkedEntry> {
    const conflicts = transaction.inputs.map(({ previous }) => this.spenderOf(previous));
    return new Set(conflicts.filter((entry) => entry !== undefined));
  }

  parentsOf(transaction: Transaction): Set<LinkedEntry> {
    const parents = transaction.inputs.map(({ previous }) => this.#entries.get(previous.txid));
    return new Set(parents.filter((entry) => entry !== undefined));
  }

  /** A waiting transaction's output, spent or not, as if a block at `height` had made it. */
  coinAt(point: OutPoint, height: number): Coin | undefined {
    const output = this.#entries.get(point.txid)?.transaction.outputs[point.index];
    if (output === undefined || isUnspendable(output.script)) return undefined;
    return { output, height, isCoinbase: false };
  }

  /** Adds an entry whose children are not there, but whose waiting parents are. */
  add(entry: LinkedEntry): void {
    this.#entries.set(entry.txid, entry);
    this.#wtxids.add(entry.wtxid);
    this.#virtualSizeBytes += entry.virtualSizeBytes;
    this.#fees += entry.fee;
    for (const { previous } of entry.transaction.inputs) {
      this.#spenders.set(outPointName(previous), entry);
    }
    const ancestors = this.#link(entry);
    const own = { count: 1, fees: entry.fee, virtualSizeBytes: entry.virtualSizeBytes };
    entry.ancestors = [...ancestors].reduce(sumsWith, own);
    this.#setDescendants(entry, own);
    for (const ancestor of ancestors) {
      this.#setDescendants(ancestor, sumsWith(ancestor.descendants, entry));
    }
  }

  #link(entry: LinkedEntry): Set<LinkedEntry> {
    entry.children.clear();
    entry.parents.clear();
    for (const parent of this.parentsOf(entry.transaction)) {
      entry.parents.add(parent);
      parent.children.add(entry);
    }
    return ancestorsOf(entry.parents);
  }

  /** @throws Error if the entry has parents and children: then sums could not be kept. */
  remove(entry: LinkedEntry): void {
    if (entry.parents.size > 0 && entry.children.size > 0) {
      throw new Error(`${entry.txid} has parents and children that still wait`);
    }
    for (const ancestor of ancestorsOf(entry.parents)) {
      this.#setDescendants(ancestor, sumsWithout(ancestor.descendants, entry));
    }
    for (const descendant of descendantsOf(entry.children)) {
      descendant.ancestors = sumsWithout(descendant.ancestors, entry);
    }
    for (const parent of entry.parents) parent.children.delete(entry);
    for (const child of entry.children) child.parents.delete(entry);
    this.#entries.delete(entry.txid);
    this.#wtxids.delete(entry.wtxid);
    this.#virtualSizeBytes -= entry.virtualSizeBytes;
    this.#fees -= entry.fee;
    for (const { previous } of entry.transaction.inputs) {
      this.#spenders.delete(outPointName(previous));
    }
  }

  /** Removes entries with all that need them; returns what went, parents first. */
  removeWithDescendants(entries: Iterable<LinkedEntry>): LinkedEntry[] {
    const removed = inOrder(descendantsOf(entries));
    for (const entry of removed.toReversed()) this.remove(entry);
    return removed;
  }

  /** The entry that with all its descendants pays the lowest fee rate; of equals the youngest. */
  cheapest(): LinkedEntry | undefined {
    const order = this.#evictionOrder;
    while (order.first !== undefined && !this.#isCurrent(order.first)) order.pop();
    return order.first?.entry;
  }

  #isCurrent({ entry, descendants }: Candidate): boolean {
    return this.#entries.get(entry.txid) === entry && entry.descendants === descendants;
  }

  #setDescendants(entry: LinkedEntry, descendants: PackageSums): void {
    entry.descendants = descendants;
    this.#evictionOrder.push(candidateOf(entry));
    if (this.#evictionOrder.size <= 2 * this.count + outdatedMax) return;
    this.#evictionOrder.clear();
    for (const current of this.#entries.values()) this.#evictionOrder.push(candidateOf(current));
  }
}

function candidateOf(entry: LinkedEntry): Candidate {
  const { descendants } = entry;
  const feeRate = feeRateOf(descendants.fees, descendants.virtualSizeBytes);
  return { entry, descendants, feeRate };
}

function isEvictedBefore(a: Candidate, b: Candidate): boolean {
  if (a.feeRate !== b.feeRate) return a.feeRate < b.feeRate;
  return a.entry.position > b.entry.position;
}
