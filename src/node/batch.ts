/** Transactions that came together, such as a package: a child may pay for a parent before it. */

import type { Admission, PackageAdmission } from "../mempool/mempool.ts";
import type { MempoolProblem } from "../mempool/problem.ts";
import { type Transaction, txidOf } from "../primitives/transaction.ts";
import { valid, type Verdict } from "../primitives/verdict.ts";

export type BatchParts = {
  readonly admit: (transaction: Transaction) => Verdict<Admission, MempoolProblem>;
  readonly admitPackage: (transactions: readonly Transaction[]) => PackageAdmission;
};

/**
 * Admits one after the other; what is too cheap alone is tried with the first child behind it.
 *
 * @returns the verdicts, as they are made: of a pair that was admitted there are two.
 * @see Bitcoin Core 28, "opportunistic 1-parent-1-child package relay"
 */
export function* admitBatch(
  transactions: readonly Transaction[],
  { admit, admitPackage }: BatchParts,
): Iterable<Verdict<Admission, MempoolProblem>> {
  for (const [position, transaction] of transactions.entries()) {
    const verdict = admit(transaction);
    const child =
      !verdict.ok && isTooCheap(verdict.problem)
        ? childOf(transaction, transactions.slice(position + 1))
        : undefined;
    if (child === undefined) {
      yield verdict;
      continue;
    }
    const { admissions } = admitPackage([transaction, child]);
    if (admissions.length === 0) yield verdict;
    for (const admission of admissions) yield valid(admission);
  }
}

function isTooCheap({ rule }: MempoolProblem): boolean {
  return rule === "min relay fee not met" || rule === "mempool min fee not met";
}

function childOf(parent: Transaction, others: readonly Transaction[]): Transaction | undefined {
  const txid = txidOf(parent);
  return others.find(({ inputs }) => inputs.some(({ previous }) => previous.txid === txid));
}
