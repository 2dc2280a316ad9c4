/** Why a transaction is not taken, as Esplora passes on what Bitcoin Core says. */

import { describeProblem } from "../../consensus/problem.ts";
import type { MempoolProblem } from "../../mempool/problem.ts";

/** @see Bitcoin Core, RPCErrorCode */
const codes = {
  deserialization: -22,
  missingInputs: -25,
  rejected: -26,
  alreadyInChain: -27,
} as const;

export function undecodableReason(reason: string): string {
  return rpcError(codes.deserialization, `TX decode failed: ${reason}`);
}

/** @see Bitcoin Core, BroadcastTransaction */
export function rejectReason(problem: MempoolProblem): string {
  switch (problem.rule) {
    case "missing-inputs":
      return rpcError(codes.missingInputs, "bad-txns-inputs-missingorspent");
    case "txn-already-known":
      return rpcError(codes.alreadyInChain, "Transaction outputs already in utxo set");
    default:
      return rpcError(codes.rejected, messageOf(problem));
  }
}

/** Core's reason first, then the facts, where Core has words for them in these words. */
function messageOf(problem: MempoolProblem): string {
  switch (problem.rule) {
    case "bad-txns-nonfinal":
      return problem.lock === "absolute" ? "non-final" : "non-BIP68-final";
    case "min relay fee not met":
    case "mempool min fee not met":
      return `${problem.rule}, ${problem.fee} < ${problem.required}`;
    case "bad-txns-premature-spend-of-coinbase":
      return `${problem.rule}, tried to spend coinbase at depth ${problem.depth}`;
    case "bad-txns-in-belowout":
      return `${problem.rule}, value in (${problem.valueIn}) < value out (${problem.valueOut})`;
    case "mandatory-script-verify-flag-failed":
      return `${problem.rule} (${problem.reason}), input ${problem.input}`;
    default:
      return describeProblem(problem);
  }
}

function rpcError(code: number, message: string): string {
  return `sendrawtransaction RPC error: ${JSON.stringify({ code, message })}`;
}
