/**
 * Transactions of version 3, which are topologically restricted until confirmation: while it waits, one
 * has at most one parent or one child, so that a child can always raise the fee of its parent.
 *
 * @see BIP431; Bitcoin Core 28, truc_policy.cpp, whose words these are
 */

import { type Transaction, txidOf, virtualSizeOf, wtxidOf } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { ancestorsOf, type LinkedEntry } from "./entry.ts";
import type { Graph } from "./graph.ts";
import type { RestrictionProblem } from "./problem.ts";

export const restrictedVersion = 3;

/** Virtual bytes; transactions with themselves. */
const limits = {
  sizeBytesMax: 10_000,
  childSizeBytesMax: 1_000,
  ancestorsMax: 2,
  descendantsMax: 2,
} as const;

export function isRestricted({ version }: Transaction): boolean {
  return version === restrictedVersion;
}

/**
 * Checks the rules of version 3, for the transaction and for what it needs.
 *
 * @returns the other child of its parent, which it may only replace; undefined if there is none.
 */
export function checkRestrictions(
  transaction: Transaction,
  graph: Graph,
): Verdict<LinkedEntry | undefined, RestrictionProblem> {
  const ancestors = [...ancestorsOf(graph.parentsOf(transaction))];
  const own = nameOf(transaction);
  const stranger = ancestors.find((each) => {
    return isRestricted(each.transaction) !== isRestricted(transaction);
  });
  if (stranger !== undefined) {
    const [mine, others] = isRestricted(transaction) ? ["", "non-"] : ["non-", ""];
    const other = `${others}version=3 tx ${nameOf(stranger.transaction)}`;
    return violation(`${mine}version=3 tx ${own} cannot spend from ${other}`);
  }
  if (!isRestricted(transaction)) return valid(undefined);
  const sizeBytes = virtualSizeOf(transaction);
  if (sizeBytes > limits.sizeBytesMax) {
    const excess = `${sizeBytes} > ${limits.sizeBytesMax} virtual bytes`;
    return violation(`version=3 tx ${own} is too big: ${excess}`);
  }
  if (ancestors.length + 1 > limits.ancestorsMax) {
    return violation(`tx ${own} would have too many ancestors`);
  }
  const [parent] = ancestors;
  if (parent === undefined) return valid(undefined);
  if (sizeBytes > limits.childSizeBytesMax) {
    const excess = `${sizeBytes} > ${limits.childSizeBytesMax} virtual bytes`;
    return violation(`version=3 child tx ${own} is too big: ${excess}`);
  }
  return checkSiblings(transaction, parent, graph);
}

function checkSiblings(
  transaction: Transaction,
  parent: LinkedEntry,
  graph: Graph,
): Verdict<LinkedEntry | undefined, RestrictionProblem> {
  const conflicts = graph.conflictsOf(transaction);
  const [sibling, ...others] = parent.children;
  if (sibling === undefined || [...parent.children].some((each) => conflicts.has(each))) {
    return valid(undefined);
  }
  // More than one can be there only after a reorganisation, in which the rules do not hold.
  const isOnly = others.length === 0 && parent.descendants.count === limits.descendantsMax;
  if (isOnly && sibling.ancestors.count === limits.ancestorsMax) return valid(sibling);
  return violation(`tx ${nameOf(transaction)} would exceed descendant count limit`);
}

function nameOf(transaction: Transaction): string {
  return `${txidOf(transaction)} (wtxid=${wtxidOf(transaction)})`;
}

function violation(detail: string): Verdict<never, RestrictionProblem> {
  return broken({ rule: "TRUC-violation", detail });
}
