/** The rules by which a transaction may wait. They change nothing; the mempool does. */

import type { Coin } from "../consensus/coin.ts";
import { isFinal } from "../consensus/locks.ts";
import type { Params } from "../consensus/params.ts";
import { checkSpend } from "../consensus/spend.ts";
import { checkTransaction } from "../consensus/transaction.ts";
import type { Satoshi } from "../primitives/brand.ts";
import {
  type OutPoint,
  outPointName,
  type Transaction,
  txidOf,
  virtualSizeOf,
  wtxidOf,
} from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import type { LinkedEntry } from "./entry.ts";
import { feeFor } from "./fee-rate.ts";
import type { Graph } from "./graph.ts";
import { findTooLongChain, type PackageLimits } from "./package-limits.ts";
import type { MempoolPolicy } from "./policy.ts";
import type { FeeProblem, KnownProblem, MempoolProblem } from "./problem.ts";
import { checkReplacement } from "./replacement.ts";
import { checkRestrictions } from "./restricted.ts";
import { findNonstandard } from "./standard.ts";
import type { NextBlockView } from "./view.ts";

/** What a transaction is measured against. */
export type AdmissionContext = {
  readonly graph: Graph;
  readonly view: NextBlockView;
  readonly params: Params;
  readonly policy: MempoolPolicy;
  readonly limits: PackageLimits;
  /** Satoshis for 1,000 virtual bytes. */
  readonly feeRateMinPerKvb: number;
  /** Whether the rules of version 3 hold; not for what returns after a reorganisation. */
  readonly restricts: boolean;
};

/** A transaction that may wait if its signatures hold and there is room. */
export type Proposed = {
  readonly transaction: Transaction;
  readonly fee: Satoshi;
  /** In the order of the inputs. */
  readonly spent: readonly Coin[];
  /** What must go to make way for it, parents first. */
  readonly replaced: readonly LinkedEntry[];
};

/**
 * Checks everything but signatures, which cost most, and room.
 *
 * @see Bitcoin Core, MemPoolAccept::PreChecks, whose order this keeps
 */
export function checkAdmission(
  transaction: Transaction,
  context: AdmissionContext,
): Verdict<Proposed, MempoolProblem> {
  const { graph, view, params, policy, limits } = context;
  const formed = checkTransaction(transaction);
  if (!formed.ok) return formed;
  const unwanted = findNonstandard(transaction, policy);
  if (unwanted) return broken(unwanted);
  if (!isFinal(transaction, view.height, view.medianTime)) {
    return broken({ rule: "bad-txns-nonfinal", lock: "absolute" });
  }
  const known = findInMempool(transaction, graph);
  if (known) return broken(known);
  const lack = findLackOfInputs(transaction, graph, view);
  if (lack) return broken(lack);
  const coinAt = (point: OutPoint) => coinFor(point, graph, view);
  const spend = checkSpend(transaction, coinAt, view, params);
  if (!spend.ok) return spend;
  const { fee, spent } = spend.value;
  const unpaid = findLowFee(virtualSizeOf(transaction), fee, context.feeRateMinPerKvb, policy);
  if (unpaid) return broken(unpaid);
  const tooLong = findTooLongChain(transaction, graph, limits);
  if (tooLong) return broken(tooLong);
  const restricted = context.restricts ? checkRestrictions(transaction, graph) : valid(undefined);
  if (!restricted.ok) return restricted;
  const sibling = restricted.value;
  const replacement = checkReplacement({ transaction, fee }, graph, policy, sibling);
  if (!replacement.ok) return replacement;
  return valid({ transaction, fee, spent, replaced: replacement.value });
}

/** The coin that an input of a waiting transaction may spend; another may spend it already. */
export function coinFor(point: OutPoint, graph: Graph, view: NextBlockView): Coin | undefined {
  return graph.coinAt(point, view.height) ?? view.coinAt(point);
}

function findInMempool(transaction: Transaction, graph: Graph): KnownProblem | undefined {
  if (graph.hasWtxid(wtxidOf(transaction))) return { rule: "txn-already-in-mempool" };
  const isSameButWitness = graph.get(txidOf(transaction)) !== undefined;
  return isSameButWitness ? { rule: "txn-same-nonwitness-data-in-mempool" } : undefined;
}

/**
 * Distinguishes why coins are missing: the transaction is in the chain already, or its waiting
 * parent has no such output, or its parents are unknown.
 */
function findLackOfInputs(
  transaction: Transaction,
  graph: Graph,
  view: NextBlockView,
): MempoolProblem | undefined {
  const missing = transaction.inputs
    .map(({ previous }) => previous)
    .filter((previous) => coinFor(previous, graph, view) === undefined);
  if (missing.length === 0) return undefined;
  const txid = txidOf(transaction);
  const isMined = transaction.outputs.some((_, index) => view.coinAt({ txid, index }));
  if (isMined) return { rule: "txn-already-known" };
  const never = missing.find((previous) => graph.get(previous.txid));
  if (never) return { rule: "bad-txns-inputs-missingorspent", coin: outPointName(never) };
  const parents = [...new Set(missing.map((previous) => previous.txid))];
  return { rule: "missing-inputs", coins: missing.map(outPointName), parents };
}

/** @param feeRateMinPerKvb is the policy's, or more while the mempool is full. */
export function findLowFee(
  virtualSizeBytes: number,
  fee: Satoshi,
  feeRateMinPerKvb: number,
  policy: MempoolPolicy,
): FeeProblem | undefined {
  const required = feeFor(feeRateMinPerKvb, virtualSizeBytes);
  if (fee >= required) return undefined;
  const isRaised = feeRateMinPerKvb > policy.feeRateMinPerKvb;
  return { rule: isRaised ? "mempool min fee not met" : "min relay fee not met", fee, required };
}
