/** The transactions that wait for a block. */

import type { TipChange } from "../chain/change.ts";
import type { Coin } from "../consensus/coin.ts";
import { isFinal } from "../consensus/locks.ts";
import type { Params } from "../consensus/params.ts";
import { checkSpend } from "../consensus/spend.ts";
import type { Now } from "../machine/now.ts";
import type { Elapsed, PeerId, Satoshi, Txid, Wtxid } from "../primitives/brand.ts";
import type { SignatureVerifier } from "../primitives/signature.ts";
import { type OutPoint, type Transaction, txidOf } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { coinFor, type Proposed } from "./admission.ts";
import type { MempoolEntry } from "./entry.ts";
import { type FeeBin, feeHistogram } from "./fee-histogram.ts";
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
import { findMalformed, type PackageProblem, type PackageResult, placePackage } from "./package.ts";
import { limitsForNewcomer, limitsForWaiting } from "./package-limits.ts";
import {
  type Placed,
  Placement,
  type Returning,
  type Tested,
  transactionsOf,
} from "./placement.ts";
import { defaultPolicy, isOverdue, type MempoolPolicy } from "./policy.ts";
import type { MempoolProblem } from "./problem.ts";
import type { SavedEntry } from "./saved-mempool.ts";
import type { NextBlockView } from "./view.ts";

export type Admission = Placed & {
  /** Orphans whose parents are there now, in the order of their admission. */
  readonly adopted: readonly Transaction[];
};

/** What waits now and did not before. */
export function newIn({ entry, adopted }: Admission): Transaction[] {
  return [entry.transaction, ...adopted];
}

export type PackageAdmission = PackageResult & {
  /** What was let in, in the order in which it was. */
  readonly admissions: readonly Admission[];
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

export class Mempool {
  readonly policy: MempoolPolicy;
  readonly #params: Params;
  readonly #graph = new Graph();
  readonly #orphans: Orphans;
  readonly #floor: FeeFloor;
  readonly #placement: Placement;
  #revision = 0;

  constructor({ params, verifier, policy }: MempoolOptions) {
    this.policy = { ...defaultPolicy, ...policy };
    this.#params = params;
    this.#orphans = new Orphans(this.policy);
    this.#floor = new FeeFloor(this.policy);
    const parts = { params, verifier, policy: this.policy };
    this.#placement = new Placement({ ...parts, graph: this.#graph, floor: this.#floor });
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
    return this.#placement.feeRateMinPerKvb;
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
    this.#placement.pass(now);
    this.#orphans.expire(now);
    const placed = this.#placement.admit(transaction, view);
    if (!placed.ok) {
      if (placed.problem.rule === "missing-inputs") this.#orphans.add(transaction, from, now);
      return placed;
    }
    return valid(this.#settle(placed.value, view));
  }

  /**
   * Lets a child wait with the parents that it came with, or what of them can wait. Nothing is kept
   * as an orphan.
   *
   * @param feeRateMaxPerKvb refuses what pays more than its sender wants to.
   */
  admitPackage(
    transactions: readonly Transaction[],
    view: NextBlockView,
    now: Elapsed,
    feeRateMaxPerKvb = Infinity,
  ): PackageAdmission {
    this.#placement.pass(now);
    this.#orphans.expire(now);
    const placed: Placed[] = [];
    const [graph, placement] = [this.#graph, this.#placement];
    const parts = { graph, placement, feeRateMaxPerKvb, placed };
    const result = placePackage(transactions, view, parts);
    return { ...result, admissions: placed.map((each) => this.#settle(each, view)) };
  }

  /** Whether a transaction would be admitted if there is room; nothing changes. */
  test(transaction: Transaction, view: NextBlockView): Verdict<Proposed, MempoolProblem> {
    return this.#placement.judge(transaction, view);
  }

  /**
   * The same of several that may need each other; the first that would not be ends the test.
   *
   * @returns what is wrong with all together, or a result for each.
   */
  testPackage(
    transactions: readonly Transaction[],
    view: NextBlockView,
  ): Verdict<readonly Tested[], PackageProblem> {
    const problem = findMalformed(transactions);
    return problem ? broken(problem) : valid(this.#placement.test(transactions, view));
  }

  /**
   * Lets transactions wait again that waited when the node was stopped, parents before children.
   * Each is judged like a newcomer, but is not kept if its inputs are missing.
   *
   * @returns those that wait, since the time when they first came.
   */
  restore(saved: Iterable<SavedEntry>, view: NextBlockView, now: Now): Admission[] {
    const { wall, elapsed } = now;
    this.#placement.pass(elapsed);
    const restored: Admission[] = [];
    for (const { transaction, time } of saved) {
      // With a time to come, which a clock that was set back leaves, it would wait for too long.
      const since = (elapsed - Math.max(0, wall - time)) as Elapsed;
      if (isOverdue(since, this.policy.expiryMs, elapsed)) continue;
      const placed = this.#placement.admit(transaction, view, { since });
      if (placed.ok) restored.push(this.#settle(placed.value, view));
    }
    return restored;
  }

  /** Follows the chain to its new tip. What was disconnected waits again, if it still can. */
  follow(change: TipChange, view: NextBlockView, now: Elapsed): MempoolChange {
    this.#placement.pass(now);
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
      .filter((each) => !this.#placement.readmit(each, view));
    const evicted = this.#placement.evict();
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
    this.#placement.pass(now);
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

  /** What a newcomer that was placed leads to: orphans that waited for it wait no longer. */
  #settle(placed: Placed, view: NextBlockView): Admission {
    const { entry } = placed;
    this.#orphans.remove(entry.transaction);
    const adopted = this.#adopt([entry.transaction], view);
    this.#revision += 1;
    return {
      entry,
      replaced: [placed, ...adopted].flatMap(({ replaced }) => replaced),
      evicted: [placed, ...adopted].flatMap(({ evicted }) => evicted),
      adopted: this.#stillWaiting(transactionsOf(adopted.map((each) => each.entry))),
    };
  }

  /** Admits orphans of these transactions, then their orphans; drops those that never can be. */
  #adopt(parents: readonly Transaction[], view: NextBlockView): Placed[] {
    const adopted: Placed[] = [];
    const queue = [...parents];
    for (const parent of queue) {
      if (this.#orphans.count === 0) break;
      for (const orphan of this.#orphans.childrenOf(txidOf(parent))) {
        const placed = this.#placement.admit(orphan, view);
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
}
