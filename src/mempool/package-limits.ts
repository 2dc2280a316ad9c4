/** How long a chain of unconfirmed transactions may get. */

import { type Transaction, virtualSizeOf } from "../primitives/transaction.ts";
import { ancestorsOf, type LinkedEntry, type PackageSums, sumsWith } from "./entry.ts";
import type { Graph } from "./graph.ts";
import type { MempoolPolicy } from "./policy.ts";
import type { RoomProblem } from "./problem.ts";

/** The most that a transaction may have above it, and anything above it below; itself included. */
export type PackageLimits = {
  readonly ancestorsMax: number;
  readonly ancestorsSizeBytesMax: number;
  readonly descendantsMax: number;
  readonly descendantsSizeBytesMax: number;
};

/**
 * The carve-out: a child so small, whose only unconfirmed ancestor is its parent, may be one more
 * than that parent's limit allows. Of two parties that share a transaction with an output for each,
 * neither can then keep the other from raising its fee by filling its descendants.
 *
 * @see Bitcoin Core, EXTRA_DESCENDANT_TX_SIZE_LIMIT
 */
const carveOut = { ancestorsMax: 2, virtualSizeBytesMax: 10_000 } as const;

const nothing = { count: 0, fees: 0, virtualSizeBytes: 0 } as PackageSums;

/** For a newcomer, and for what a block held until it was undone. */
export function limitsForNewcomer(policy: MempoolPolicy): PackageLimits {
  return {
    ancestorsMax: policy.ancestorsMax,
    ancestorsSizeBytesMax: policy.packageVirtualSizeBytesMax,
    descendantsMax: policy.descendantsMax,
    descendantsSizeBytesMax: policy.packageVirtualSizeBytesMax,
  };
}

/**
 * For what waits already when its parent comes back from a block that was undone: it was taken as a
 * child of a confirmed transaction, which may have any number of them.
 *
 * @see Bitcoin Core, CTxMemPool::UpdateTransactionsFromBlock
 */
export function limitsForWaiting(policy: MempoolPolicy): PackageLimits {
  const unlimited = { descendantsMax: Infinity, descendantsSizeBytesMax: Infinity };
  return { ...limitsForNewcomer(policy), ...unlimited };
}

/**
 * The first limit that a transaction would break for itself or for one of its ancestors.
 *
 * @see Bitcoin Core 28, MemPoolAccept::PreChecks
 */
export function findTooLongChain(
  transaction: Transaction,
  graph: Graph,
  limits: PackageLimits,
): RoomProblem | undefined {
  const widened = widenForConflict(limits, graph.conflictsOf(transaction));
  const problem = findBroken(transaction, graph, widened);
  if (problem === undefined) return undefined;
  if (virtualSizeOf(transaction) > carveOut.virtualSizeBytesMax) return problem;
  const isCarvedOut = !findBroken(transaction, graph, {
    ...widened,
    ancestorsMax: carveOut.ancestorsMax,
    descendantsMax: widened.descendantsMax + 1,
    descendantsSizeBytesMax: widened.descendantsSizeBytesMax + carveOut.virtualSizeBytesMax,
  });
  return isCarvedOut ? undefined : problem;
}

/**
 * What a transaction replaces is still counted among the descendants. Like Core, this makes room
 * for it only where it is one direct conflict: what several would free is too dear to find out.
 */
function widenForConflict(
  limits: PackageLimits,
  conflicts: ReadonlySet<LinkedEntry>,
): PackageLimits {
  const [conflict, ...others] = conflicts;
  if (conflict === undefined || others.length > 0) return limits;
  const freedBytes = conflict.descendants.virtualSizeBytes;
  return {
    ...limits,
    descendantsMax: limits.descendantsMax + 1,
    descendantsSizeBytesMax: limits.descendantsSizeBytesMax + freedBytes,
  };
}

/** @see Bitcoin Core, CTxMemPool::CalculateMemPoolAncestors */
function findBroken(
  transaction: Transaction,
  graph: Graph,
  limits: PackageLimits,
): RoomProblem | undefined {
  const own = { fee: nothing.fees, virtualSizeBytes: virtualSizeOf(transaction) };
  const ancestors = ancestorsOf(graph.parentsOf(transaction));
  const above = sumsWith([...ancestors].reduce(sumsWith, nothing), own);
  if (isBeyond(above, limits.ancestorsMax, limits.ancestorsSizeBytesMax)) {
    return tooLong("ancestors", above);
  }
  for (const ancestor of ancestors) {
    const below = sumsWith(ancestor.descendants, own);
    if (isBeyond(below, limits.descendantsMax, limits.descendantsSizeBytesMax)) {
      return tooLong("descendants", below);
    }
  }
  return undefined;
}

function isBeyond(sums: PackageSums, countMax: number, sizeBytesMax: number): boolean {
  return sums.count > countMax || sums.virtualSizeBytes > sizeBytesMax;
}

function tooLong(
  limit: "ancestors" | "descendants",
  { count, virtualSizeBytes }: PackageSums,
): RoomProblem {
  return { rule: "too-long-mempool-chain", limit, count, virtualSizeBytes };
}
