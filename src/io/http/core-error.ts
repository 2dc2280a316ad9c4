/** Why a transaction is refused, with Bitcoin Core's codes and messages. */

import type { MempoolProblem } from "../../mempool/problem.ts";

export type CoreError = { readonly code: number; readonly message: string };

/** @see Bitcoin Core, RPCErrorCode */
const codes = {
  deserialization: -22,
  missingInputs: -25,
  rejected: -26,
  alreadyInChain: -27,
} as const;

export function undecodableError(reason: string): CoreError {
  return { code: codes.deserialization, message: `TX decode failed: ${reason}` };
}

/** @see Bitcoin Core, BroadcastTransaction */
export function rejectError(problem: MempoolProblem): CoreError {
  if (problem.rule === "missing-inputs") {
    return { code: codes.missingInputs, message: "bad-txns-inputs-missingorspent" };
  }
  if (problem.rule === "txn-already-known") {
    return { code: codes.alreadyInChain, message: "Transaction outputs already in utxo set" };
  }
  return { code: codes.rejected, message: `${reasonOf(problem)}${factsOf(problem)}` };
}

/** Core's word for it, without details. */
export function reasonOf(problem: MempoolProblem): string {
  if (problem.rule === "mandatory-script-verify-flag-failed") {
    return `${problem.rule} (${problem.reason})`;
  }
  if (problem.rule !== "bad-txns-nonfinal") return problem.rule;
  return problem.lock === "absolute" ? "non-final" : "non-BIP68-final";
}

/** The details after the reason, as in Core where it has them. */
function factsOf(problem: MempoolProblem): string {
  if ("required" in problem) return `, ${problem.fee} < ${problem.required}`;
  if (problem.rule === "bad-txns-premature-spend-of-coinbase") {
    return `, tried to spend coinbase at depth ${problem.depth}`;
  }
  if (problem.rule === "bad-txns-in-belowout") {
    return `, value in (${problem.valueIn}) < value out (${problem.valueOut})`;
  }
  if (problem.rule === "mandatory-script-verify-flag-failed") return `, input ${problem.input}`;
  if (problem.rule === "bad-txns-nonfinal") return "";
  if (problem.rule === "TRUC-violation") return `, ${problem.detail}`;
  const facts = Object.entries(problem).filter(([name]) => name !== "rule");
  const words = facts.map(([name, fact]) => `${name} ${String(fact)}`);
  return words.length === 0 ? "" : `, ${words.join(", ")}`;
}
