/** Why a transaction is refused, in the form in which Esplora passes on Bitcoin Core's errors. */

import type { MempoolProblem } from "../../../mempool/problem.ts";
import { type CoreError, rejectError, undecodableError } from "../core-error.ts";

export function undecodableReason(reason: string): string {
  return wrapped(undecodableError(reason));
}

export function rejectReason(problem: MempoolProblem): string {
  return wrapped(rejectError(problem));
}

/** As mempool's electrs writes it: clients take the JSON out again. */
export function wrapped({ code, message }: CoreError, method = "sendrawtransaction"): string {
  return `${method} RPC error: ${JSON.stringify({ code, message })}`;
}
