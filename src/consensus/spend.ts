/** The rules for spending coins. */

import type { Satoshi } from "../primitives/brand.ts";
import { taprootKey } from "../primitives/script.ts";
import { parseKeyPathWitness, SighashMaker } from "../primitives/sighash.ts";
import type { SignatureCheck } from "../primitives/signature.ts";
import { outPointName, type OutPoint, type Transaction } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import type { Coin } from "./coin.ts";
import { hasOpenRelativeLocks, type LockContext } from "./locks.ts";
import { moneyMax } from "./money.ts";
import type { Params } from "./params.ts";
import type { TransactionProblem } from "./problem.ts";
import { valueOut } from "./transaction.ts";

/** What is known of a transaction whose coins exist and suffice; its signatures are still owed. */
export type Spend = {
  /** In the order of the inputs. */
  readonly spent: readonly Coin[];
  readonly fee: Satoshi;
};

/**
 * Checks that the coins exist, are mature, are worth enough, and that relative locks are open.
 *
 * @see Bitcoin Core, Consensus::CheckTxInputs and SequenceLocks
 */
export function checkSpend(
  transaction: Transaction,
  coinAt: (point: OutPoint) => Coin | undefined,
  context: LockContext,
  params: Params,
): Verdict<Spend, TransactionProblem> {
  const spent: Coin[] = [];
  let valueIn = 0;
  for (const { previous } of transaction.inputs) {
    const coin = coinAt(previous);
    const name = outPointName(previous);
    if (coin === undefined) {
      return broken({ rule: "bad-txns-inputs-missingorspent", coin: name });
    }
    const depth = context.height - coin.height;
    const maturity = params.coinbaseMaturity;
    if (coin.isCoinbase && depth < maturity) {
      return broken({ rule: "bad-txns-premature-spend-of-coinbase", coin: name, depth, maturity });
    }
    valueIn += coin.output.value;
    if (valueIn > moneyMax) return broken({ rule: "bad-txns-inputvalues-outofrange" });
    spent.push(coin);
  }
  const paid = valueOut(transaction);
  if (valueIn < paid) {
    return broken({ rule: "bad-txns-in-belowout", valueIn: valueIn as Satoshi, valueOut: paid });
  }
  if (!hasOpenRelativeLocks(transaction, spent, context)) {
    return broken({ rule: "bad-txns-nonfinal", lock: "relative" });
  }
  return valid({ spent, fee: (valueIn - paid) as Satoshi });
}

/**
 * What must hold for the witnesses of a transaction: one signature an input, by the key in the
 * output it spends. Only a verifier can say whether it does hold.
 */
export function signatureChecks(
  transaction: Transaction,
  spent: readonly Coin[],
): Verdict<readonly SignatureCheck[], TransactionProblem> {
  const outputs = spent.map(({ output }) => output);
  const maker = new SighashMaker(transaction, outputs);
  const checks: SignatureCheck[] = [];
  for (const [input, { witness }] of transaction.inputs.entries()) {
    const parsed = parseKeyPathWitness(witness);
    if ("fault" in parsed) return scriptFailed(input, parsed.fault);
    const message = maker.message(input, parsed.hashType, parsed.annex);
    if (message === undefined) return scriptFailed(input, "Invalid Schnorr signature hash type");
    const publicKey = taprootKey(outputs[input]?.script ?? new Uint8Array());
    if (publicKey === undefined) throw new Error("a coin of another script is in the coin set");
    checks.push({ publicKey, message, signature: parsed.signature });
  }
  return valid(checks);
}

type Reason = (TransactionProblem & { rule: "mandatory-script-verify-flag-failed" })["reason"];

function scriptFailed(input: number, reason: Reason): Verdict<never, TransactionProblem> {
  return broken({ rule: "mandatory-script-verify-flag-failed", input, reason });
}
