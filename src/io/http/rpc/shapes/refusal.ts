/** Why a transaction is refused, in exactly the words and codes of Bitcoin Core's RPC. */

import { feeFor } from "../../../../mempool/fee-rate.ts";
import type { MempoolPolicy } from "../../../../mempool/policy.ts";
import type {
  FeeProblem,
  MempoolProblem,
  ReplacementProblem,
} from "../../../../mempool/problem.ts";
import { formatAmount } from "../../../../primitives/amount.ts";
import { type Transaction, txidOf, virtualSizeOf } from "../../../../primitives/transaction.ts";
import { reasonOf } from "../../core-error.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";

/** What `sendrawtransaction` answers. @see Bitcoin Core, BroadcastTransaction */
export function refusalOf(
  problem: MempoolProblem,
  transaction: Transaction,
  policy: MempoolPolicy,
): RpcError {
  const { rule } = problem;
  if (rule === "missing-inputs" || rule === "bad-txns-inputs-missingorspent") {
    return new RpcError(rpcCodes.verification, "bad-txns-inputs-missingorspent");
  }
  if (rule === "txn-already-known") return alreadyMined();
  const details = detailsOf(problem, transaction, policy);
  const message = details === undefined ? reasonOf(problem) : `${reasonOf(problem)}, ${details}`;
  return new RpcError(rpcCodes.rejected, message);
}

export function alreadyMined(): RpcError {
  return new RpcError(rpcCodes.alreadyInUtxoSet, "Transaction outputs already in utxo set");
}

/** What Core adds to the reason, where it does. */
function detailsOf(
  problem: MempoolProblem,
  transaction: Transaction,
  policy: MempoolPolicy,
): string | undefined {
  if (problem.rule === "bad-txns-in-belowout") {
    return `value in (${money(problem.valueIn)}) < value out (${money(problem.valueOut)})`;
  }
  if (problem.rule === "bad-txns-premature-spend-of-coinbase") {
    return `tried to spend coinbase at depth ${problem.depth}`;
  }
  if (problem.rule === "insufficient fee") {
    return `rejecting replacement ${txidOf(transaction)}${lackOf(problem, transaction, policy)}`;
  }
  if (problem.rule === "TRUC-violation") return problem.detail;
  return "required" in problem ? `${problem.fee} < ${problem.required}` : undefined;
}

type InsufficientFee = FeeProblem | (ReplacementProblem & { readonly rule: "insufficient fee" });

/** Why a replacement pays too little. */
function lackOf(problem: InsufficientFee, transaction: Transaction, policy: MempoolPolicy): string {
  if ("conflict" in problem) {
    const { feeRate, conflictFeeRate } = problem;
    return `; new feerate ${rate(feeRate)} <= old feerate ${rate(conflictFeeRate)}`;
  }
  const relay = feeFor(policy.incrementalFeeRatePerKvb, virtualSizeOf(transaction));
  const lost = problem.required - relay;
  if (problem.fee < lost) {
    return `, less fees than conflicting txs; ${money(problem.fee)} < ${money(lost)}`;
  }
  const added = `${money(problem.fee - lost)} < ${money(relay)}`;
  return `, not enough additional fees to relay; ${added}`;
}

/** With no more zeros at the end than make two decimals. @see Bitcoin Core, FormatMoney */
function money(satoshis: number): string {
  return formatAmount(satoshis).replace(/0{1,6}$/, "");
}

/** @param feeRate in satoshis for 1,000 virtual bytes. @see Bitcoin Core, CFeeRate::ToString */
function rate(feeRate: number): string {
  return `${formatAmount(Math.trunc(feeRate))} BTC/kvB`;
}
