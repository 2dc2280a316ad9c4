/**
 * Packages: a transaction that comes with the unconfirmed parents that it needs, so that it can pay
 * for them.
 *
 * @see Bitcoin Core 28, doc/policy/packages.md
 */

import type { Satoshi, Txid, Wtxid } from "../primitives/brand.ts";
import {
  outPointName,
  type Transaction,
  txidOf,
  weightOf,
  wtxidOf,
} from "../primitives/transaction.ts";
import type { MempoolEntry } from "./entry.ts";
import type { Graph } from "./graph.ts";
import type { Placed, Placement } from "./placement.ts";
import type { MempoolProblem } from "./problem.ts";
import { isRestricted } from "./restricted.ts";
import type { NextBlockView } from "./view.ts";

/** @see Bitcoin Core, MAX_PACKAGE_COUNT and MAX_PACKAGE_WEIGHT */
export const packageLimits = { transactionsMax: 25, weightMax: 404_000 } as const;

/** What is wrong with a package as a whole, by Bitcoin Core's names. */
export type PackageProblem =
  | { readonly rule: "package-too-many-transactions"; readonly count: number }
  | { readonly rule: "package-too-large"; readonly weight: number }
  | { readonly rule: "package-contains-duplicates" }
  | { readonly rule: "package-not-sorted" }
  | { readonly rule: "conflict-in-package" }
  | { readonly rule: "package-not-child-with-parents" }
  | { readonly rule: "package-not-child-with-unconfirmed-parents" }
  /** One of them was refused: its own result says why. */
  | { readonly rule: "transaction failed" };

/** The fee rate by which a transaction was judged: its own, or that of some together. */
export type EffectiveFee = {
  readonly fees: Satoshi;
  readonly virtualSizeBytes: number;
  readonly includes: readonly Wtxid[];
};

export type PackagedResult =
  | {
      readonly status: "admitted";
      readonly entry: MempoolEntry;
      readonly effective: EffectiveFee;
      readonly replaced: readonly Transaction[];
    }
  /** It waited already. */
  | { readonly status: "known"; readonly entry: MempoolEntry }
  /** One with the same outputs and another witness waited already. */
  | { readonly status: "other-witness"; readonly entry: MempoolEntry }
  | { readonly status: "rejected"; readonly problem: MempoolProblem };

export type PackageResult = {
  readonly problem: PackageProblem | undefined;
  /** In the package's order; empty if the package was not looked into. */
  readonly results: readonly PackagedResult[];
};

/** @see Bitcoin Core, IsWellFormedPackage */
export function findMalformed(transactions: readonly Transaction[]): PackageProblem | undefined {
  const count = transactions.length;
  if (count > packageLimits.transactionsMax) {
    return { rule: "package-too-many-transactions", count };
  }
  const weight = transactions.reduce((sum, each) => sum + weightOf(each), 0);
  if (count > 1 && weight > packageLimits.weightMax) return { rule: "package-too-large", weight };
  const txids = transactions.map(txidOf);
  if (new Set(txids).size < count) return { rule: "package-contains-duplicates" };
  const later = new Set(txids);
  for (const transaction of transactions) {
    if (transaction.inputs.some(({ previous }) => later.has(previous.txid))) {
      return { rule: "package-not-sorted" };
    }
    later.delete(txidOf(transaction));
  }
  const spent = transactions.flatMap(({ inputs }) => inputs.map((each) => each.previous));
  const isConsistent = new Set(spent.map(outPointName)).size === spent.length;
  return isConsistent ? undefined : { rule: "conflict-in-package" };
}

/** True if the last one needs every other. @see Bitcoin Core, IsChildWithParents */
export function isChildWithParents(transactions: readonly Transaction[]): boolean {
  const child = transactions.at(-1);
  if (child === undefined || transactions.length < 2) return false;
  const needed = parentsOf(child);
  return transactions.slice(0, -1).every((parent) => needed.has(txidOf(parent)));
}

/** True if, moreover, no parent needs another. @see Bitcoin Core, IsChildWithParentsTree */
export function isChildWithParentsTree(transactions: readonly Transaction[]): boolean {
  if (!isChildWithParents(transactions)) return false;
  const parents = transactions.slice(0, -1);
  const txids = parents.map(txidOf);
  return parents.every((parent) => {
    const needed = parentsOf(parent);
    return !txids.some((txid) => needed.has(txid));
  });
}

function parentsOf({ inputs }: Transaction): Set<Txid> {
  return new Set(inputs.map(({ previous }) => previous.txid));
}

/**
 * Lets what it can of a package wait: what is there already is left alone, what pays for itself goes
 * in by itself, and the rest is judged as one.
 *
 * @param placed is filled with what was let in.
 * @see Bitcoin Core 28, MemPoolAccept::AcceptPackage
 */
export function placePackage(
  transactions: readonly Transaction[],
  view: NextBlockView,
  { graph, placement, feeRateMaxPerKvb, placed }: PackageParts,
): PackageResult {
  const problem = findMalformed(transactions) ?? findIncomplete(transactions, view);
  if (problem) return { problem, results: [] };
  const singly = transactions.map((transaction): PackagedResult => {
    const known = findKnown(transaction, graph);
    if (known) return known;
    const verdict = placement.admit(transaction, view, { feeRateMaxPerKvb });
    if (!verdict.ok) return { status: "rejected", problem: verdict.problem };
    placed.push(verdict.value);
    const { entry, replaced } = verdict.value;
    return admitted(entry, [entry], replaced);
  });
  const isHopeless = singly.some((each, position) => {
    return each.status === "rejected" && !mayPass(each.problem, transactions[position]);
  });
  const left = transactions.filter((_, position) => singly[position]?.status === "rejected");
  const results =
    isHopeless || left.length < 2
      ? singly
      : placeRest(left, singly, view, { graph, placement, feeRateMaxPerKvb, placed });
  return summed(results, graph);
}

export type PackageParts = {
  readonly graph: Graph;
  readonly placement: Placement;
  /** In satoshis for 1,000 virtual bytes. */
  readonly feeRateMaxPerKvb: number;
  readonly placed: Placed[];
};

/** The child's other coins must be confirmed: a parent that is not named would not be judged. */
function findIncomplete(
  transactions: readonly Transaction[],
  view: NextBlockView,
): PackageProblem | undefined {
  const child = transactions.at(-1);
  if (child === undefined || transactions.length < 2) return undefined;
  if (!isChildWithParents(transactions)) return { rule: "package-not-child-with-parents" };
  const named = new Set(transactions.map(txidOf));
  const isComplete = child.inputs.every(({ previous }) => {
    return named.has(previous.txid) || view.coinAt(previous) !== undefined;
  });
  return isComplete ? undefined : { rule: "package-not-child-with-unconfirmed-parents" };
}

function findKnown(transaction: Transaction, graph: Graph): PackagedResult | undefined {
  const entry = graph.get(txidOf(transaction));
  if (entry === undefined) return undefined;
  const isSame = entry.wtxid === wtxidOf(transaction);
  return { status: isSame ? "known" : "other-witness", entry };
}

function admitted(
  entry: MempoolEntry,
  together: readonly MempoolEntry[],
  replaced: readonly Transaction[] = [],
): PackagedResult {
  const effective = {
    fees: together.reduce((sum, { fee }) => sum + fee, 0) as Satoshi,
    virtualSizeBytes: together.reduce((sum, each) => sum + each.virtualSizeBytes, 0),
    includes: together.map(({ wtxid }) => wtxid),
  };
  return { status: "admitted", entry, effective, replaced };
}

/** True for what a child can make good, or lacks only because its parent waits for it. */
function mayPass({ rule }: MempoolProblem, transaction: Transaction | undefined): boolean {
  if (rule === "min relay fee not met")
    return transaction !== undefined && isRestricted(transaction);
  return rule === "mempool min fee not met" || rule === "mempool full" || rule === "missing-inputs";
}

function placeRest(
  left: readonly Transaction[],
  singly: readonly PackagedResult[],
  view: NextBlockView,
  { placement, feeRateMaxPerKvb, placed }: PackageParts,
): PackagedResult[] {
  const verdict = placement.admitTogether(left, view, feeRateMaxPerKvb);
  let next = 0;
  return singly.map((single): PackagedResult => {
    if (single.status !== "rejected") return single;
    const position = next++;
    if (!verdict.ok) {
      const { problem } = verdict;
      return problem.position === position
        ? { status: "rejected", problem: problem.problem }
        : single;
    }
    const { entries, evicted } = verdict.value;
    const entry = entries[position] as MempoolEntry;
    placed.push({ entry, replaced: [], evicted: position === 0 ? evicted : [] });
    return admitted(entry, entries);
  });
}

/** What was let in or known and had to make room for another of the package is refused after all. */
function summed(results: readonly PackagedResult[], graph: Graph): PackageResult {
  const last = results.map((each): PackagedResult => {
    const isGone = each.status !== "rejected" && graph.get(each.entry.txid) === undefined;
    return isGone ? { status: "rejected", problem: { rule: "mempool full" } } : each;
  });
  const hasFailed = last.some(({ status }) => status === "rejected");
  return { problem: hasFailed ? { rule: "transaction failed" } : undefined, results: last };
}
