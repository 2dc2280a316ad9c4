/** Puts transactions into the graph: each is judged first, then finds room or is refused. */

import type { Params } from "../consensus/params.ts";
import { findBadSignature } from "../consensus/spend.ts";
import type { Elapsed, Satoshi } from "../primitives/brand.ts";
import type { SignatureVerifier } from "../primitives/signature.ts";
import { type Transaction, virtualSizeOf } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { checkAdmission, findLowFee, type Proposed } from "./admission.ts";
import { createEntry, inOrder, type LinkedEntry, type MempoolEntry } from "./entry.ts";
import { evictCheapest, type Eviction } from "./eviction.ts";
import { feeRateOf } from "./fee-rate.ts";
import type { FeeFloor } from "./floor.ts";
import type { Graph } from "./graph.ts";
import { limitsForNewcomer, type PackageLimits } from "./package-limits.ts";
import type { MempoolPolicy } from "./policy.ts";
import type { MempoolProblem } from "./problem.ts";
import { isRestricted } from "./restricted.ts";
import type { NextBlockView } from "./view.ts";

export type PlacementParts = {
  readonly params: Params;
  readonly verifier: SignatureVerifier;
  readonly policy: MempoolPolicy;
  readonly graph: Graph;
  readonly floor: FeeFloor;
};

export type Placed = {
  readonly entry: MempoolEntry;
  /** What spent the same coins, with all that needed it. */
  readonly replaced: readonly Transaction[];
  /** What had to make room. */
  readonly evicted: readonly Transaction[];
};

/** Several that were placed as one, parents first. */
export type PlacedTogether = {
  readonly entries: readonly MempoolEntry[];
  readonly evicted: readonly Transaction[];
};

/** Which of several transactions broke a rule, so that none was placed. */
export type PositionedProblem = { readonly position: number; readonly problem: MempoolProblem };

/** What a test found of one of several transactions. */
export type Tested = Verdict<Proposed, MempoolProblem> | undefined;

/** What is to wait once more after a reorganisation, and since when it has waited. */
export type Returning = {
  readonly transaction: Transaction;
  readonly time: Elapsed;
  readonly limits: PackageLimits;
};

export class Placement {
  readonly #parts: PlacementParts;
  readonly #graph: Graph;
  /** The latest time that was passed to the mempool. */
  #now = 0 as Elapsed;
  #arrivals = 0;

  constructor(parts: PlacementParts) {
    this.#parts = parts;
    this.#graph = parts.graph;
  }

  get now(): Elapsed {
    return this.#now;
  }

  pass(now: Elapsed): void {
    this.#now = now;
  }

  /** The least fee rate that is admitted now, in satoshis for 1,000 virtual bytes. */
  get feeRateMinPerKvb(): number {
    return this.#parts.floor.feeRateAt(this.#now, this.#graph.virtualSizeBytes);
  }

  /** @param since when it has come. */
  admit(
    transaction: Transaction,
    view: NextBlockView,
    { since = this.#now, feeRateMaxPerKvb = Infinity } = {},
  ): Verdict<Placed, MempoolProblem> {
    const judged = this.judge(transaction, view, feeRateMaxPerKvb);
    return judged.ok ? this.#place(judged.value, since) : judged;
  }

  /** Whether a newcomer may wait, but for room; nothing changes. */
  judge(
    transaction: Transaction,
    view: NextBlockView,
    feeRateMaxPerKvb = Infinity,
  ): Verdict<Proposed, MempoolProblem> {
    const limits = limitsForNewcomer(this.#parts.policy);
    const checked = this.#check(transaction, view, limits, this.feeRateMinPerKvb);
    if (!checked.ok) return checked;
    const dear = findHighFee(checked.value, feeRateMaxPerKvb);
    if (dear) return broken(dear);
    if (this.#isHopelesslyCheap(checked.value)) return broken({ rule: "mempool full" });
    const bad = findBadSignature([checked.value], this.#parts.verifier);
    return bad ? broken(bad) : checked;
  }

  /**
   * Places transactions that may be too cheap alone, parents first: all of them if they pay enough
   * together, or none. None may replace another, and each still has to pay for its own relay, but for
   * those of version 3: only of these it is sure that a child can go on paying.
   *
   * @see Bitcoin Core 28, MemPoolAccept::AcceptMultipleTransactions
   */
  admitTogether(
    transactions: readonly Transaction[],
    view: NextBlockView,
    feeRateMaxPerKvb: number,
  ): Verdict<PlacedTogether, PositionedProblem> {
    const added: LinkedEntry[] = [];
    const problem =
      this.#addAll(transactions, view, feeRateMaxPerKvb, added) ?? this.#findUnpaid(added);
    if (problem) {
      for (const entry of added.toReversed()) this.#graph.remove(entry);
      return broken(problem);
    }
    const evicted = evictCheapest(this.#graph, this.#parts.policy.virtualSizeBytesMax);
    const lost = added.findIndex(({ txid }) => this.#graph.get(txid) === undefined);
    if (lost >= 0) {
      this.#putBack(evicted, added);
      return broken({ position: lost, problem: { rule: "mempool full" } });
    }
    this.#raiseFloor(evicted);
    return valid({ entries: added, evicted: transactionsOf(evicted.entries) });
  }

  /** Judges and adds one after the other, so that each finds its parents. */
  #addAll(
    transactions: readonly Transaction[],
    view: NextBlockView,
    feeRateMaxPerKvb: number,
    added: LinkedEntry[],
  ): PositionedProblem | undefined {
    const { policy, verifier } = this.#parts;
    const limits = limitsForNewcomer(policy);
    for (const [position, transaction] of transactions.entries()) {
      const feeRateMin = isRestricted(transaction) ? 0 : policy.feeRateMinPerKvb;
      const checked = this.#check(transaction, view, limits, feeRateMin);
      if (!checked.ok) return { position, problem: checked.problem };
      const { fee, replaced } = checked.value;
      const problem =
        findHighFee(checked.value, feeRateMaxPerKvb) ??
        (replaced.length > 0 ? ({ rule: "package RBF failed" } as const) : undefined) ??
        findBadSignature([checked.value], verifier);
      if (problem) return { position, problem };
      const entry = createEntry(transaction, fee, this.#now, ++this.#arrivals);
      this.#graph.add(entry);
      added.push(entry);
    }
    return undefined;
  }

  /**
   * Whether transactions, parents first, could be admitted one after the other; nothing changes.
   *
   * @returns a verdict for each, undefined where the test ended before.
   * @see Bitcoin Core 28, MemPoolAccept::AcceptMultipleTransactions with PackageTestAccept
   */
  test(transactions: readonly Transaction[], view: NextBlockView): Tested[] {
    const limits = limitsForNewcomer(this.#parts.policy);
    const added: LinkedEntry[] = [];
    const proposals: Proposed[] = [];
    let problem: MempoolProblem | undefined;
    for (const transaction of transactions) {
      const checked = this.#check(transaction, view, limits, this.feeRateMinPerKvb);
      if (!checked.ok) problem = checked.problem;
      else if (checked.value.replaced.length > 0) {
        problem = { rule: "bip125-replacement-disallowed" };
      }
      if (!checked.ok || problem) break;
      const entry = createEntry(transaction, checked.value.fee, this.#now, this.#arrivals + 1);
      this.#graph.add(entry);
      added.push(entry);
      proposals.push(checked.value);
    }
    for (const entry of added.toReversed()) this.#graph.remove(entry);
    if (problem === undefined) return this.#testSignatures(proposals);
    const failed = broken(problem);
    return transactions.map((_, i) => (i === proposals.length ? failed : undefined));
  }

  #testSignatures(proposals: readonly Proposed[]): Tested[] {
    const tested: Tested[] = [];
    for (const proposal of proposals) {
      const bad = findBadSignature([proposal], this.#parts.verifier);
      tested.push(bad ? broken(bad) : valid(proposal));
      if (bad) break;
    }
    return proposals.map((_, i) => tested[i]);
  }

  #findUnpaid(entries: readonly MempoolEntry[]): PositionedProblem | undefined {
    const fees = entries.reduce((sum, { fee }) => sum + fee, 0) as Satoshi;
    const sizeBytes = entries.reduce((sum, entry) => sum + entry.virtualSizeBytes, 0);
    const problem = findLowFee(sizeBytes, fees, this.feeRateMinPerKvb, this.#parts.policy);
    return problem && { position: entries.length - 1, problem };
  }

  /**
   * Lets a transaction wait once more; false if this branch does not allow it. Its signatures
   * were verified when it first came, and no fee is asked twice.
   */
  readmit({ transaction, time, limits }: Returning, view: NextBlockView): boolean {
    const checked = this.#check(transaction, view, limits, 0, { restricts: false });
    if (!checked.ok || checked.value.replaced.length > 0) return false;
    this.#graph.add(createEntry(transaction, checked.value.fee, time, ++this.#arrivals));
    return true;
  }

  /** Makes room for what is more than the limit; answers what had to go. */
  evict(): Transaction[] {
    const evicted = evictCheapest(this.#graph, this.#parts.policy.virtualSizeBytesMax);
    this.#raiseFloor(evicted);
    return transactionsOf(evicted.entries);
  }

  #check(
    transaction: Transaction,
    view: NextBlockView,
    limits: PackageLimits,
    feeRateMinPerKvb: number,
    { restricts } = { restricts: true },
  ): Verdict<Proposed, MempoolProblem> {
    const { graph, params, policy } = this.#parts;
    const context = { graph, view, params, policy, limits, feeRateMinPerKvb, restricts };
    return checkAdmission(transaction, context);
  }

  /** Saves the signatures' cost where the newcomer would be the first to be evicted. */
  #isHopelesslyCheap({ transaction, fee, replaced }: Proposed): boolean {
    const sizeBytes = virtualSizeOf(transaction);
    const { virtualSizeBytesMax } = this.#parts.policy;
    const hasRoom = this.#graph.virtualSizeBytes + sizeBytes <= virtualSizeBytesMax;
    if (hasRoom || replaced.length > 0) return false;
    const cheapest = this.#graph.cheapest();
    if (cheapest === undefined) return false;
    const { fees, virtualSizeBytes } = cheapest.descendants;
    return feeRateOf(fee, sizeBytes) < feeRateOf(fees, virtualSizeBytes);
  }

  /** Puts a transaction in place of what it replaces; if it is evicted at once, puts all back. */
  #place(
    { transaction, fee, replaced }: Proposed,
    since: Elapsed,
  ): Verdict<Placed, MempoolProblem> {
    for (const entry of replaced.toReversed()) this.#graph.remove(entry);
    const entry = createEntry(transaction, fee, since, ++this.#arrivals);
    this.#graph.add(entry);
    const evicted = evictCheapest(this.#graph, this.#parts.policy.virtualSizeBytesMax);
    if (this.#graph.get(entry.txid) === undefined) {
      this.#putBack(evicted, [entry], replaced);
      return broken({ rule: "mempool full" });
    }
    this.#raiseFloor(evicted);
    return valid({
      entry,
      replaced: transactionsOf(replaced),
      evicted: transactionsOf(evicted.entries),
    });
  }

  /** Makes it as it was before newcomers came that found no room. */
  #putBack(
    evicted: Eviction,
    newcomers: readonly LinkedEntry[],
    replaced: readonly LinkedEntry[] = [],
  ): void {
    for (const entry of newcomers.toReversed()) {
      if (this.#graph.get(entry.txid) === entry) this.#graph.remove(entry);
    }
    const before = evicted.entries.filter((each) => !newcomers.includes(each));
    for (const each of inOrder([...replaced, ...before])) this.#graph.add(each);
  }

  #raiseFloor({ feeRateMax }: Eviction): void {
    if (feeRateMax !== undefined) this.#parts.floor.raise(feeRateMax, this.#now);
  }
}

function findHighFee(
  { transaction, fee }: Proposed,
  feeRateMaxPerKvb: number,
): MempoolProblem | undefined {
  const feeRate = feeRateOf(fee, virtualSizeOf(transaction));
  return feeRate > feeRateMaxPerKvb ? { rule: "max feerate exceeded", feeRate } : undefined;
}

export function transactionsOf(
  entries: readonly { readonly transaction: Transaction }[],
): Transaction[] {
  return entries.map(({ transaction }) => transaction);
}
