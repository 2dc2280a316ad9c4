/** The rules for spending coins. */

import type { Satoshi } from "../primitives/brand.ts";
import { hashAt } from "../primitives/hashing.ts";
import { taprootKey } from "../primitives/script.ts";
import {
  hashSighashes,
  parseKeyPathWitness,
  SighashMaker,
  type SighashRequest,
  type WitnessFault,
} from "../primitives/sighash.ts";
import type { SignatureCheck, SignatureVerifier } from "../primitives/signature.ts";
import {
  type Input,
  type OutPoint,
  outPointName,
  type Output,
  type Transaction,
} from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import type { Coin } from "./coin.ts";
import { hasOpenRelativeLocks, type LockContext } from "./locks.ts";
import { moneyMax } from "./money.ts";
import type { Params } from "./params.ts";
import type { TransactionProblem } from "./problem.ts";
import { valueOut } from "./transaction.ts";

/**
 * What is known of a transaction whose coins exist and suffice; its signatures are not verified
 * yet.
 */
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

/** A transaction with the coins that it spends, whose signatures are not verified yet. */
export type UnverifiedSpend = {
  readonly transaction: Transaction;
  readonly spent: readonly Coin[];
};

/**
 * What must hold for the witnesses of transactions: one signature an input, by the key in the
 * output it spends. Only a verifier can decide whether it does hold. All messages are hashed at
 * once.
 */
export function signatureChecks(
  spends: readonly UnverifiedSpend[],
): Verdict<readonly SignatureCheck[], TransactionProblem> {
  const spendings = spends.map(({ transaction, spent }) => {
    return { transaction, spent: spent.map(({ output }) => output) };
  });
  const makers = SighashMaker.forAll(spendings);
  const claims: Claim[] = [];
  for (const [i, { transaction, spent }] of spendings.entries()) {
    for (const [position, { witness }] of transaction.inputs.entries()) {
      const claim = readClaim(makers[i] as SighashMaker, position, witness, spent[position]);
      if ("fault" in claim) return scriptFailed(position, claim.fault);
      claims.push(claim);
    }
  }
  const messages = hashSighashes(claims);
  return valid(
    claims.map(({ publicKey, signature }, i) => {
      return { publicKey, signature, message: hashAt(messages, i) };
    }),
  );
}

/** What one witness claims: that the key has signed the message of the input. */
type Claim = SighashRequest & Omit<SignatureCheck, "message">;

function readClaim(
  maker: SighashMaker,
  position: number,
  witness: Input["witness"],
  spent: Output | undefined,
): Claim | { readonly fault: WitnessFault } {
  const parsed = parseKeyPathWitness(witness);
  if ("fault" in parsed) return parsed;
  const { signature, hashType, annex } = parsed;
  if (!maker.hasMessage(position, hashType))
    return { fault: "Invalid Schnorr signature hash type" };
  const publicKey = spent && taprootKey(spent.script);
  if (publicKey === undefined) throw new Error("a coin of another script is in the coin set");
  return { maker, position, hashType, annex, publicKey, signature };
}

/** The first fault among the signatures of transactions, which are verified all at once. */
export function findBadSignature(
  spends: readonly UnverifiedSpend[],
  verifier: SignatureVerifier,
): TransactionProblem | undefined {
  const checks = signatureChecks(spends);
  if (!checks.ok) return checks.problem;
  const invalid = verifier.firstInvalid(checks.value);
  if (invalid === undefined) return undefined;
  const inputs = spends.flatMap(({ transaction }) => [...transaction.inputs.keys()]);
  const input = inputs[invalid] as number;
  const reason = "Invalid Schnorr signature";
  return { rule: "mandatory-script-verify-flag-failed", input, reason };
}

function scriptFailed(input: number, reason: WitnessFault): Verdict<never, TransactionProblem> {
  return broken({ rule: "mandatory-script-verify-flag-failed", input, reason });
}
