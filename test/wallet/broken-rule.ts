/** Judges transactions of a wallet by our own rules, signatures included. */

import type { Coin } from "../../src/consensus/coin.ts";
import { lab } from "../../src/consensus/params.ts";
import { checkSpend, signatureChecks } from "../../src/consensus/spend.ts";
import { checkTransaction } from "../../src/consensus/transaction.ts";
import {
  createNobleVerifier,
  createTinyVerifier,
} from "../../src/io/verifying/signature-verifier.ts";
import { outPointName, type Transaction } from "../../src/primitives/transaction.ts";
import type { OwnCoin } from "../../src/wallet/payment.ts";

/** The rule that a transaction breaks if these coins are all there are, or "none". */
export function brokenRule(transaction: Transaction, coins: readonly OwnCoin[]): string {
  const known = new Map<string, Coin>(
    coins.map(({ point, value, script }) => [
      outPointName(point),
      { output: { value, script }, height: 1, isCoinbase: false },
    ]),
  );
  const context = { height: 200, medianTime: 2e9, medianTimeAt: () => 1e9 };
  const checked = checkTransaction(transaction);
  if (!checked.ok) return checked.problem.rule;
  const spend = checkSpend(transaction, (point) => known.get(outPointName(point)), context, lab);
  if (!spend.ok) return spend.problem.rule;
  const checks = signatureChecks([{ transaction, spent: spend.value.spent }]);
  if (!checks.ok) return checks.problem.rule;
  const verdicts = [createTinyVerifier(), createNobleVerifier()].map((verifier) =>
    verifier.firstInvalid(checks.value),
  );
  return verdicts.every((verdict) => verdict === undefined) ? "none" : "invalid signature";
}
