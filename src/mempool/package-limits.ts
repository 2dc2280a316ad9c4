/** How long a chain of unconfirmed transactions may get. */

import { type Transaction, virtualSizeOf } from "../primitives/transaction.ts";
import { ancestorsOf, type LinkedEntry, type PackageSums, sumsWith, sumsWithout } from "./entry.ts";
import type { Graph } from "./graph.ts";
import type { MempoolPolicy } from "./policy.ts";
import type { RoomProblem } from "./problem.ts";

const nothing = { count: 0, fees: 0, virtualSizeBytes: 0 } as PackageSums;

/**
 * The first limit that a transaction would break for itself or for one of its ancestors.
 *
 * @param replaced what would leave to make way for it; it does not count.
 * @see Bitcoin Core, CTxMemPool::CalculateMemPoolAncestors
 */
export function findTooLongChain(
  transaction: Transaction,
  replaced: readonly LinkedEntry[],
  graph: Graph,
  policy: MempoolPolicy,
): RoomProblem | undefined {
  const own = { fee: nothing.fees, virtualSizeBytes: virtualSizeOf(transaction) };
  const ancestors = ancestorsOf(graph.parentsOf(transaction));
  const above = sumsWith([...ancestors].reduce(sumsWith, nothing), own);
  if (isTooLarge(above, policy.ancestorsMax, policy)) return tooLong("ancestors", above);
  const leaving = replaced.map((entry) => ({ entry, ancestors: ancestorsOf([entry]) }));
  for (const ancestor of ancestors) {
    const staying = leaving
      .filter((each) => each.ancestors.has(ancestor))
      .reduce((sums, each) => sumsWithout(sums, each.entry), ancestor.descendants);
    const below = sumsWith(staying, own);
    if (isTooLarge(below, policy.descendantsMax, policy)) return tooLong("descendants", below);
  }
  return undefined;
}

function isTooLarge(sums: PackageSums, countMax: number, policy: MempoolPolicy): boolean {
  return sums.count > countMax || sums.virtualSizeBytes > policy.packageVirtualSizeBytesMax;
}

function tooLong(
  limit: "ancestors" | "descendants",
  { count, virtualSizeBytes }: PackageSums,
): RoomProblem {
  return { rule: "too-long-mempool-chain", limit, count, virtualSizeBytes };
}
