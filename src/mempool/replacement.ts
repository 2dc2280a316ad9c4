/** When a transaction may push out those that spend the same coins. */

import type { Satoshi } from "../primitives/brand.ts";
import { type Transaction, virtualSizeOf } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { ancestorsOf, descendantsOf, inOrder, type LinkedEntry } from "./entry.ts";
import { feeFor, feeRateOf } from "./fee-rate.ts";
import type { Graph } from "./graph.ts";
import type { MempoolPolicy } from "./policy.ts";
import type { FeeProblem, ReplacementProblem } from "./problem.ts";

/** A transaction that is being judged. */
export type Proposal = { readonly transaction: Transaction; readonly fee: Satoshi };

/**
 * Checks whether a transaction pays enough to replace its conflicts with all that need them;
 * whether these signalled that they may be replaced is not asked.
 *
 * @param sibling must go, too, though it spends other coins.
 * @returns what it would replace, parents first.
 * @see BIP125, rules 2 to 5; Bitcoin Core 28, ReplacementChecks, whose order this keeps
 */
export function checkReplacement(
  proposal: Proposal,
  graph: Graph,
  policy: MempoolPolicy,
  sibling?: LinkedEntry,
): Verdict<readonly LinkedEntry[], ReplacementProblem | FeeProblem> {
  const conflicts = graph.conflictsOf(proposal.transaction);
  if (sibling !== undefined) conflicts.add(sibling);
  if (conflicts.size === 0) return valid([]);
  const replaced = inOrder(descendantsOf(conflicts));
  const problem =
    findDependence(proposal, conflicts, graph) ??
    findBetterRate(proposal, conflicts) ??
    findTooMany(conflicts, policy) ??
    findNewParent(proposal, replaced, graph) ??
    findUnpaid(proposal, replaced, policy);
  return problem ? broken(problem) : valid(replaced);
}

function findDependence(
  { transaction }: Proposal,
  conflicts: ReadonlySet<LinkedEntry>,
  graph: Graph,
): ReplacementProblem | undefined {
  const ancestors = ancestorsOf(graph.parentsOf(transaction));
  const needed = [...conflicts].find((conflict) => ancestors.has(conflict));
  return needed && { rule: "bad-txns-spends-conflicting-tx", conflict: needed.txid };
}

/** Else miners, who choose by rate, would lose by the exchange. */
function findBetterRate(
  { transaction, fee }: Proposal,
  conflicts: ReadonlySet<LinkedEntry>,
): ReplacementProblem | undefined {
  const feeRate = feeRateOf(fee, virtualSizeOf(transaction));
  for (const conflict of conflicts) {
    const conflictFeeRate = feeRateOf(conflict.fee, conflict.virtualSizeBytes);
    if (feeRate <= conflictFeeRate) {
      return { rule: "insufficient fee", conflict: conflict.txid, feeRate, conflictFeeRate };
    }
  }
  return undefined;
}

/** What needs several of the conflicts counts once for each of them: so says Core, to save work. */
function findTooMany(
  conflicts: ReadonlySet<LinkedEntry>,
  policy: MempoolPolicy,
): ReplacementProblem | undefined {
  const count = [...conflicts].reduce((sum, { descendants }) => sum + descendants.count, 0);
  return count > policy.replacedMax
    ? { rule: "too many potential replacements", count }
    : undefined;
}

/** An unconfirmed parent that nothing replaced has could delay the replacement. */
function findNewParent(
  { transaction }: Proposal,
  replaced: readonly LinkedEntry[],
  graph: Graph,
): ReplacementProblem | undefined {
  const known = new Set(replaced.flatMap((entry) => [...entry.parents]));
  const added = [...graph.parentsOf(transaction)].find((parent) => !known.has(parent));
  return added && { rule: "replacement-adds-unconfirmed", parent: added.txid };
}

/** At least what all the replaced pay together, and the relay of its own bytes on top. */
function findUnpaid(
  { transaction, fee }: Proposal,
  replaced: readonly LinkedEntry[],
  policy: MempoolPolicy,
): FeeProblem | undefined {
  const lost = replaced.reduce((sum, entry) => sum + entry.fee, 0);
  const relay = feeFor(policy.incrementalFeeRatePerKvb, virtualSizeOf(transaction));
  const required = (lost + relay) as Satoshi;
  return fee < required ? { rule: "insufficient fee", fee, required } : undefined;
}
