/** The transactions that wait for a block. */

import type { TipChange } from "../chain/change.ts";
import type { Coin } from "../consensus/coin.ts";
import { isFinal } from "../consensus/locks.ts";
import type { Params } from "../consensus/params.ts";
import { checkSpend, findBadSignature } from "../consensus/spend.ts";
import type { Elapsed, PeerId, Satoshi, Txid, Wtxid } from "../primitives/brand.ts";
import type { SignatureVerifier } from "../primitives/signature.ts";
import {
  type OutPoint,
  type Transaction,
  txidOf,
  virtualSizeOf,
} from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { checkAdmission, coinFor, type Proposed } from "./admission.ts";
import { createEntry, inOrder, type MempoolEntry } from "./entry.ts";
import { evictCheapest, type Eviction } from "./eviction.ts";
import { type FeeBin, feeHistogram } from "./fee-histogram.ts";
import { feeRateOf } from "./fee-rate.ts";
import { FeeFloor } from "./floor.ts";
import { Graph } from "./graph.ts";
import {
  type Conflicted,
  listDisconnected,
  Mined,
  removeConflicted,
  removeMined,
  removeSpenders,
} from "./mined.ts";
import { Orphans } from "./orphans.ts";
import { limitsForNewcomer, limitsForWaiting, type PackageLimits } from "./package-limits.ts";
import { defaultPolicy, isOverdue, type MempoolPolicy } from "./policy.ts";
import type { MempoolProblem } from "./problem.ts";
import type { NextBlockView } from "./view.ts";

export type Admission = {
  readonly entry: MempoolEntry;
  /** What spent the same coins, with all that needed it. */
  readonly replaced: readonly Transaction[];
  /** What had to make room. */
  readonly evicted: readonly Transaction[];
  /** Orphans whose parents are there now, in the order of their admission. */
  readonly adopted: readonly Transaction[];
};

export type MempoolChange = {
  /** Waited, and is in the new blocks. */
  readonly mined: readonly Transaction[];
  /** Waited or was disconnected, and cannot be mined on this branch. */
  readonly conflicted: readonly Conflicted[];
  /** Was disconnected, and waits again. */
  readonly readmitted: readonly Transaction[];
  /** Waited or was disconnected, and does not fit this branch, or found no room. */
  readonly dropped: readonly Transaction[];
  readonly adopted: readonly Transaction[];
};

export type MempoolOptions = {
  readonly params: Params;
  readonly verifier: SignatureVerifier;
  readonly policy?: Partial<MempoolPolicy>;
};

type Placed = Omit<Admission, "adopted">;

/** What is to wait once more after a reorganisation, and since when it has waited. */
type Returning = {
  readonly transaction: Transaction;
  readonly time: Elapsed;
  readonly limits: PackageLimits;
};

export class Mempool {
  readonly policy: MempoolPolicy;
  readonly #params: Params;
  readonly #verifier: SignatureVerifier;
  readonly #graph = new Graph();
  readonly #orphans: Orphans;
  readonly #floor: FeeFloor;
  /** The latest time that was passed to the mempool. */
  #now = 0 as Elapsed;
  #arrivals = 0;
  #revision = 0;

  constructor({ params, verifier, policy }: MempoolOptions) {
    this.policy = { ...defaultPolicy, ...policy };
    this.#params = params;
    this.#verifier = verifier;
    this.#orphans = new Orphans(this.policy);
    this.#floor = new FeeFloor(this.policy);
  }

  get count(): number {
    return this.#graph.count;
  }

  get virtualSizeBytes(): number {
    return this.#graph.virtualSizeBytes;
  }

  get totalFees(): Satoshi {
    return this.#graph.fees;
  }

  /** The least fee rate that is admitted now, in satoshis for 1,000 virtual bytes. */
  get feeRateMinPerKvb(): number {
    return this.#floor.feeRateAt(this.#now, this.virtualSizeBytes);
  }

  /** Grows whenever the waiting transactions change. */
  get revision(): number {
    return this.#revision;
  }

  get orphanCount(): number {
    return this.#orphans.count;
  }

  get(txid: Txid): MempoolEntry | undefined {
    return this.#graph.get(txid);
  }

  has(txid: Txid): boolean {
    return this.#graph.get(txid) !== undefined;
  }

  hasWtxid(wtxid: Wtxid): boolean {
    return this.#graph.hasWtxid(wtxid);
  }

  hasOrphan(wtxid: Wtxid): boolean {
    return this.#orphans.has(wtxid);
  }

  /** Parents before children. */
  entries(): Iterable<MempoolEntry> {
    return this.#graph.entries();
  }

  spenderOf(point: OutPoint): Txid | undefined {
    return this.#graph.spenderOf(point)?.txid;
  }

  /** A coin of the chain, or one that a waiting transaction would make. */
  coinAt(point: OutPoint, view: NextBlockView): Coin | undefined {
    return coinFor(point, this.#graph, view);
  }

  /**
   * Lets a transaction wait, and then the orphans that waited for it. A broken rule changes
   * nothing, except that a transaction whose inputs are missing is kept as an orphan.
   */
  admit(
    transaction: Transaction,
    view: NextBlockView,
    now: Elapsed,
    from?: PeerId,
  ): Verdict<Admission, MempoolProblem> {
    this.#now = now;
    this.#orphans.expire(now);
    const placed = this.#admitOne(transaction, view);
    if (!placed.ok) {
      if (placed.problem.rule === "missing-inputs") this.#orphans.add(transaction, from, now);
      return placed;
    }
    this.#orphans.remove(transaction);
    const adopted = this.#adopt([transaction], view);
    this.#revision += 1;
    return valid({
      entry: placed.value.entry,
      replaced: [placed.value, ...adopted].flatMap(({ replaced }) => replaced),
      evicted: [placed.value, ...adopted].flatMap(({ evicted }) => evicted),
      adopted: this.#stillWaiting(transactionsOf(adopted.map(({ entry }) => entry))),
    });
  }

  /** Follows the chain to its new tip. What was disconnected waits again, if it still can. */
  follow(change: TipChange, view: NextBlockView, now: Elapsed): MempoolChange {
    this.#now = now;
    this.#orphans.expire(now);
    if (change.forth.length > 0) this.#floor.release(now);
    const blocks = new Mined(change.forth);
    const mined = removeMined(this.#graph, blocks);
    const outdone = removeConflicted(this.#graph, blocks);
    const disconnected = listDisconnected(change.back, blocks);
    // What needs a disconnected transaction steps aside, so that it comes back after it.
    const aside = removeSpenders(this.#graph, disconnected);
    const unspendable = change.back.length > 0 ? this.#dropUnspendable(view) : [];
    const again = disconnected.map((transaction) => ({ transaction, time: now }));
    const limits = { back: limitsForNewcomer(this.policy), aside: limitsForWaiting(this.policy) };
    const returning: readonly Returning[] = [
      ...again.map((each) => ({ ...each, limits: limits.back })),
      ...aside.map(({ transaction, time }) => ({ transaction, time, limits: limits.aside })),
    ];
    const lost = blocks.listConflicted(transactionsOf(returning));
    const isLost = new Set(transactionsOf(lost));
    const failed = returning
      .filter(({ transaction }) => !isLost.has(transaction))
      .filter((each) => !this.#readmit(each, view));
    const evicted = this.#evict();
    const adopted = this.#adoptAfter(blocks, disconnected, view);
    this.#revision += 1;
    return {
      mined,
      conflicted: [...outdone, ...lost],
      readmitted: this.#stillWaiting(disconnected),
      dropped: [
        ...unspendable,
        ...transactionsOf(failed),
        ...evicted,
        ...adopted.flatMap((each) => [...each.replaced, ...each.evicted]),
      ],
      adopted: this.#stillWaiting(transactionsOf(adopted.map(({ entry }) => entry))),
    };
  }

  /**
   * Drops what has waited too long, with all that needs it; orphans too, which are not reported.
   */
  expire(now: Elapsed): Transaction[] {
    this.#now = now;
    this.#orphans.expire(now);
    const overdue = [...this.#graph.entries()].filter(({ time }) => {
      return isOverdue(time, this.policy.expiryMs, now);
    });
    const removed = this.#graph.removeWithDescendants(overdue);
    if (removed.length > 0) this.#revision += 1;
    return transactionsOf(removed);
  }

  /** How many bytes wait at which fee rate. */
  feeHistogram(): FeeBin[] {
    return feeHistogram(this.#graph.entries());
  }

  #admitOne(transaction: Transaction, view: NextBlockView): Verdict<Placed, MempoolProblem> {
    const limits = limitsForNewcomer(this.policy);
    const checked = this.#check(transaction, view, limits, this.feeRateMinPerKvb);
    if (!checked.ok) return checked;
    if (this.#isHopelesslyCheap(checked.value)) return broken({ rule: "mempool full" });
    const bad = findBadSignature([checked.value], this.#verifier);
    return bad ? broken(bad) : this.#place(checked.value);
  }

  #check(
    transaction: Transaction,
    view: NextBlockView,
    limits: PackageLimits,
    feeRateMinPerKvb: number,
  ): Verdict<Proposed, MempoolProblem> {
    return checkAdmission(transaction, {
      graph: this.#graph,
      view,
      params: this.#params,
      policy: this.policy,
      limits,
      feeRateMinPerKvb,
    });
  }

  /** Saves the signatures' cost where the newcomer would be the first to be evicted. */
  #isHopelesslyCheap({ transaction, fee, replaced }: Proposed): boolean {
    const sizeBytes = virtualSizeOf(transaction);
    const hasRoom = this.virtualSizeBytes + sizeBytes <= this.policy.virtualSizeBytesMax;
    if (hasRoom || replaced.length > 0) return false;
    const cheapest = this.#graph.cheapest();
    if (cheapest === undefined) return false;
    const { fees, virtualSizeBytes } = cheapest.descendants;
    return feeRateOf(fee, sizeBytes) < feeRateOf(fees, virtualSizeBytes);
  }

  /** Puts a transaction in place of what it replaces; if it is evicted at once, puts all back. */
  #place({ transaction, fee, replaced }: Proposed): Verdict<Placed, MempoolProblem> {
    for (const entry of replaced.toReversed()) this.#graph.remove(entry);
    const entry = createEntry(transaction, fee, this.#now, ++this.#arrivals);
    this.#graph.add(entry);
    const evicted = evictCheapest(this.#graph, this.policy.virtualSizeBytesMax);
    if (!this.has(entry.txid)) {
      const before = evicted.entries.filter((each) => each !== entry);
      for (const each of inOrder([...replaced, ...before])) this.#graph.add(each);
      return broken({ rule: "mempool full" });
    }
    this.#raiseFloor(evicted);
    return valid({
      entry,
      replaced: transactionsOf(replaced),
      evicted: transactionsOf(evicted.entries),
    });
  }

  #evict(): Transaction[] {
    const evicted = evictCheapest(this.#graph, this.policy.virtualSizeBytesMax);
    this.#raiseFloor(evicted);
    return transactionsOf(evicted.entries);
  }

  #raiseFloor({ feeRateMax }: Eviction): void {
    if (feeRateMax !== undefined) this.#floor.raise(feeRateMax, this.#now);
  }

  /** Admits orphans of these transactions, then their orphans; drops those that never can be. */
  #adopt(parents: readonly Transaction[], view: NextBlockView): Placed[] {
    const adopted: Placed[] = [];
    const queue = [...parents];
    for (const parent of queue) {
      if (this.#orphans.count === 0) break;
      for (const orphan of this.#orphans.childrenOf(txidOf(parent))) {
        const placed = this.#admitOne(orphan, view);
        if (!placed.ok && placed.problem.rule === "missing-inputs") continue;
        this.#orphans.remove(orphan);
        if (!placed.ok) continue;
        adopted.push(placed.value);
        queue.push(orphan);
      }
    }
    return adopted;
  }

  /** The same after a move of the tip; first it drops orphans that cannot be mined any more. */
  #adoptAfter(blocks: Mined, disconnected: readonly Transaction[], view: NextBlockView): Placed[] {
    this.#orphans.drop((orphan) => {
      return blocks.has(txidOf(orphan)) || blocks.rivalOf(orphan) !== undefined;
    });
    return this.#adopt([...blocks.transactions, ...this.#stillWaiting(disconnected)], view);
  }

  #stillWaiting(transactions: readonly Transaction[]): Transaction[] {
    return transactions.filter((transaction) => this.has(txidOf(transaction)));
  }

  /** Drops what the branch does not allow: coins it lacks, locks and maturity not yet reached. */
  #dropUnspendable(view: NextBlockView): Transaction[] {
    const coinAt = (point: OutPoint) => this.coinAt(point, view);
    const unspendable = [...this.#graph.entries()].filter(({ transaction }) => {
      if (!isFinal(transaction, view.height, view.medianTime)) return true;
      return !checkSpend(transaction, coinAt, view, this.#params).ok;
    });
    return transactionsOf(this.#graph.removeWithDescendants(unspendable));
  }

  /**
   * Lets a transaction wait once more; false if this branch does not allow it. Its signatures
   * were verified when it first came, and no fee is asked twice.
   */
  #readmit({ transaction, time, limits }: Returning, view: NextBlockView): boolean {
    const checked = this.#check(transaction, view, limits, 0);
    if (!checked.ok || checked.value.replaced.length > 0) return false;
    this.#graph.add(createEntry(transaction, checked.value.fee, time, ++this.#arrivals));
    return true;
  }
}

function transactionsOf(entries: readonly { readonly transaction: Transaction }[]): Transaction[] {
  return entries.map(({ transaction }) => transaction);
}
