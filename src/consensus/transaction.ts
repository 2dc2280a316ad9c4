/** The rules for a transaction that need nothing but the transaction. */

import type { Satoshi } from "../primitives/brand.ts";
import { isDataScript, taprootKey } from "../primitives/script.ts";
import {
  isCoinbase,
  isNoCoin,
  outPointName,
  strippedSizeOf,
  type Transaction,
} from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { weightMax } from "./limits.ts";
import { moneyMax } from "./money.ts";
import type { TransactionProblem } from "./problem.ts";

const coinbaseScriptSizeMin = 2;
const coinbaseScriptSizeMax = 100;
const forbiddenSizeBytes = 64;

/**
 * Checks shape, sizes and amounts.
 *
 * @see Bitcoin Core, CheckTransaction, whose order this keeps; then the subset's own rules
 */
export function checkTransaction(
  transaction: Transaction,
): Verdict<Transaction, TransactionProblem> {
  const problem =
    checkSize(transaction) ??
    checkValues(transaction) ??
    checkNoDuplicateInputs(transaction) ??
    (isCoinbase(transaction) ? checkCoinbaseScript(transaction) : checkInputs(transaction)) ??
    checkOutputScripts(transaction);
  return problem ? broken(problem) : valid(transaction);
}

function checkSize(transaction: Transaction): TransactionProblem | undefined {
  const sizeBytes = strippedSizeOf(transaction);
  // First, because it means that the body of a block was changed, whatever other rules are broken.
  if (sizeBytes === forbiddenSizeBytes) return { rule: "bad-txns-64-bytes" };
  if (transaction.inputs.length === 0) return { rule: "bad-txns-vin-empty" };
  if (transaction.outputs.length === 0) return { rule: "bad-txns-vout-empty" };
  if (sizeBytes * 4 > weightMax) return { rule: "bad-txns-oversize", sizeBytes };
  return undefined;
}

function checkValues(transaction: Transaction): TransactionProblem | undefined {
  let total = 0;
  for (const [output, { value }] of transaction.outputs.entries()) {
    if (value < 0) return { rule: "bad-txns-vout-negative", output, value };
    if (value > moneyMax) return { rule: "bad-txns-vout-toolarge", output, value };
    total += value;
    if (total > moneyMax) return { rule: "bad-txns-txouttotal-toolarge", total };
  }
  return undefined;
}

function checkNoDuplicateInputs(transaction: Transaction): TransactionProblem | undefined {
  const seen = new Set<string>();
  for (const { previous } of transaction.inputs) {
    const coin = outPointName(previous);
    if (seen.has(coin)) return { rule: "bad-txns-inputs-duplicate", coin };
    seen.add(coin);
  }
  return undefined;
}

function checkCoinbaseScript(transaction: Transaction): TransactionProblem | undefined {
  const sizeBytes = transaction.inputs[0]?.scriptSig.length ?? 0;
  const isFine = sizeBytes >= coinbaseScriptSizeMin && sizeBytes <= coinbaseScriptSizeMax;
  return isFine ? undefined : { rule: "bad-cb-length", sizeBytes };
}

function checkInputs(transaction: Transaction): TransactionProblem | undefined {
  for (const [input, { previous, scriptSig }] of transaction.inputs.entries()) {
    if (isNoCoin(previous)) return { rule: "bad-txns-prevout-null", input };
    if (scriptSig.length > 0) return { rule: "script-sig-not-empty", input };
  }
  return undefined;
}

function checkOutputScripts(transaction: Transaction): TransactionProblem | undefined {
  const output = transaction.outputs.findIndex(
    ({ script }) => taprootKey(script) === undefined && !isDataScript(script),
  );
  return output < 0 ? undefined : { rule: "output-not-taproot-or-data", output };
}

/** The sum of all outputs; of a checked transaction it is at most 21 million coins. */
export function valueOut(transaction: Transaction): Satoshi {
  return transaction.outputs.reduce((total, { value }) => total + value, 0) as Satoshi;
}
