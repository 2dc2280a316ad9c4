/** The kinds of transaction that are relayed. */

import { isDataScript, isUnspendable } from "../primitives/script.ts";
import { parseKeyPathWitness } from "../primitives/sighash.ts";
import {
  isCoinbase,
  strippedSizeOf,
  type Transaction,
  weightOf,
} from "../primitives/transaction.ts";
import type { MempoolPolicy } from "./policy.ts";
import type { StandardProblem } from "./problem.ts";

/**
 * The first rule of relay that a transaction breaks.
 *
 * @see Bitcoin Core, IsStandardTx and IsWitnessStandard
 */
export function findNonstandard(
  transaction: Transaction,
  policy: MempoolPolicy,
): StandardProblem | undefined {
  return (
    findInShape(transaction, policy) ?? findInOutputs(transaction, policy) ?? findAnnex(transaction)
  );
}

function findInShape(transaction: Transaction, policy: MempoolPolicy): StandardProblem | undefined {
  const { version } = transaction;
  if (isCoinbase(transaction)) return { rule: "coinbase" };
  if (version < 1 || version > policy.versionMax) return { rule: "version", version };
  const weight = weightOf(transaction);
  if (weight > policy.transactionWeightMax) return { rule: "tx-size", weight };
  const sizeBytes = strippedSizeOf(transaction);
  if (sizeBytes < policy.transactionSizeBytesMin) return { rule: "tx-size-small", sizeBytes };
  return undefined;
}

function findInOutputs(
  { outputs }: Transaction,
  policy: MempoolPolicy,
): StandardProblem | undefined {
  for (const [output, { value, script }] of outputs.entries()) {
    if (!isUnspendable(script)) {
      if (value < policy.dustMin) return { rule: "dust", output, value };
    } else if (script.length > policy.dataScriptSizeBytesMax) {
      return { rule: "scriptpubkey", output, sizeBytes: script.length };
    }
  }
  const dataOutputs = outputs.filter(({ script }) => isDataScript(script));
  return dataOutputs.length > 1 ? { rule: "multi-op-return" } : undefined;
}

function findAnnex({ inputs }: Transaction): StandardProblem | undefined {
  const input = inputs.findIndex(({ witness }) => {
    const parsed = parseKeyPathWitness(witness);
    return "annex" in parsed && parsed.annex !== undefined;
  });
  return input < 0 ? undefined : { rule: "bad-witness-nonstandard", input };
}
