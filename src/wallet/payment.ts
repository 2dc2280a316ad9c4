/** Payments: transactions that spend our coins, unsigned and signed. */

import type { Satoshi } from "../primitives/brand.ts";
import { SighashMaker } from "../primitives/sighash.ts";
import {
  type OutPoint,
  outPointName,
  type Output,
  type Transaction,
} from "../primitives/transaction.ts";
import { valid, type Verdict } from "../primitives/verdict.ts";
import { chooseAll, chooseCoins, type FundsProblem } from "./coins.ts";
import type { KeyPlace } from "./keys.ts";
import { signSchnorr } from "./taproot.ts";

/** A coin that one of our keys may spend. */
export type OwnCoin = {
  readonly point: OutPoint;
  readonly value: Satoshi;
  readonly script: Uint8Array;
  readonly place: KeyPlace;
};

/** A payment before it is signed. */
export type PaymentPlan = {
  readonly coins: readonly OwnCoin[];
  readonly outputs: readonly Output[];
  readonly fee: Satoshi;
  /** The value of the output that comes back to us; 0 if there is none. */
  readonly change: Satoshi;
};

/** The last sequence number with which a transaction may be replaced. @see BIP125 */
const replaceableSequence = 0xffff_fffd;

/** Version 2 is what wallets write since relative locks. @see BIP68 */
const transactionVersion = 2;

/**
 * Plans to pay these outputs. The rest goes to the change script as the last output; dust goes to the
 * miner.
 *
 * @param feeRate satoshis for one virtual byte.
 */
export function planPayment(
  coins: readonly OwnCoin[],
  outputs: readonly Output[],
  changeScript: Uint8Array,
  feeRate: number,
): Verdict<PaymentPlan, FundsProblem> {
  const chosen = chooseCoins(coins, outputs, feeRate);
  if (!chosen.ok) return chosen;
  const { change } = chosen.value;
  const returned = change > 0 ? [{ value: change, script: changeScript }] : [];
  return valid({ ...chosen.value, outputs: [...outputs, ...returned] });
}

/** Plans to send everything that is worth its own fee to one script. */
export function planSweep(
  coins: readonly OwnCoin[],
  script: Uint8Array,
  feeRate: number,
): Verdict<PaymentPlan, FundsProblem> {
  const chosen = chooseAll(coins, script, feeRate);
  if (!chosen.ok) return chosen;
  const { coins: all, fee, change: value } = chosen.value;
  return valid({ coins: all, fee, change: 0 as Satoshi, outputs: [{ value, script }] });
}

/**
 * The transaction of a plan, with one signature over all of it for each coin.
 *
 * @param secretKeyAt the tweaked key of a place, as `Account` has it.
 */
export function signPayment(
  plan: PaymentPlan,
  secretKeyAt: (place: KeyPlace) => Uint8Array,
): Transaction {
  const unsigned = unsignedPayment(plan);
  const maker = new SighashMaker(unsigned, plan.coins);
  const keyAt = remembered(secretKeyAt);
  const inputs = unsigned.inputs.map((input, position) => {
    const { place, point } = plan.coins[position] as OwnCoin;
    const message = maker.message(position);
    if (message === undefined) throw new Error(`nothing to sign for ${outPointName(point)}`);
    return { ...input, witness: [signSchnorr(message, keyAt(place))] };
  });
  return { ...unsigned, inputs };
}

/** Derives each key once: it takes half as long as a signature, and many coins may have one key. */
function remembered(secretKeyAt: (place: KeyPlace) => Uint8Array): (place: KeyPlace) => Uint8Array {
  const keys = new Map<string, Uint8Array>();
  return (place) => {
    const name = `${place.use} ${place.index}`;
    const key = keys.get(name) ?? secretKeyAt(place);
    keys.set(name, key);
    return key;
  };
}

/** The transaction of a plan, with nothing signed. */
export function unsignedPayment({ coins, outputs }: PaymentPlan): Transaction {
  const inputs = coins.map(({ point }) => ({
    previous: point,
    scriptSig: new Uint8Array(),
    sequence: replaceableSequence,
    witness: [],
  }));
  return { version: transactionVersion, inputs, outputs, lockTime: 0 };
}
