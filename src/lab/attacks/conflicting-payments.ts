/** What an attacker needs that means to take a payment back: two signed payments of one coin. */

import { attackerName, shopName } from "../../attacks/record/participants.ts";
import { outcomeOf } from "../../attacks/record/reversal.ts";
import type { FinalState } from "../../attacks/record/step.ts";
import { satoshisPerCoin } from "../../primitives/amount.ts";
import type { Satoshi, Txid } from "../../primitives/brand.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { encodeTransaction, type Transaction, txidOf } from "../../primitives/transaction.ts";
import { type NodeClient, NodeRefusedError } from "../../wallet/client.ts";
import { LeverError } from "../nodes/lever-error.ts";
import { type AttackedLab, settleMaxMs, untilNextLook } from "./attacked-lab.ts";
import type { Shop } from "./shop.ts";

/** What of the attacker's coin goes to the shop, at most. */
const paidPart = 0.8;
/** What a coffee machine costs, in satoshis: the coin may be much larger after hours of mining. */
const priceMax = 40 * satoshisPerCoin;

export type ConflictingPayments = {
  /** For the shop. */
  readonly payment: Transaction;
  /** The same coin, back to the attacker. */
  readonly conflict: Transaction;
  readonly conflictFee: Satoshi;
  readonly value: Satoshi;
};

/** @throws LeverError if the attacker has no coin to pay with. */
export async function makeConflictingPayments(lab: AttackedLab): Promise<ConflictingPayments> {
  const wallet = lab.walletOf(attackerName);
  const [coin] = await wallet.spendableCoins(lab.clientOf(attackerName));
  if (coin === undefined) {
    throw new LeverError(`${attackerName} has no coin to pay with; try again in some blocks`);
  }
  const value = Math.min(Math.floor(coin.value * paidPart), priceMax) as Satoshi;
  const script = lab.scriptOf(shopName);
  const paid = wallet.pay(coin, { value, script });
  if (paid === undefined) throw new LeverError(`${attackerName}'s largest coin is too small`);
  const { transaction: conflict, fee: conflictFee } = wallet.payToSelf([coin]);
  return { payment: paid.transaction, conflict, conflictFee, value };
}

/** The state of a transaction at a node, also of one that it never got. */
async function stateAt(client: NodeClient, txid: Txid): Promise<FinalState> {
  try {
    const { state, confirmations } = await client.transactionOutcome(txid);
    return { txid, state, confirmations };
  } catch (error) {
    const isUnknown = error instanceof NodeRefusedError && error.status === 404;
    if (isUnknown) return { txid, state: "unknown", confirmations: 0 };
    throw error;
  }
}

/** The two payments, as the shop's node has them when nothing changes any more. */
export type Settled = { readonly payment: FinalState; readonly conflict: FinalState };

/**
 * Waits, but not for ever, until all nodes agree, one of the two payments is in a block, and the
 * shop has noticed.
 *
 * @param isHeard called at each look: whether all that was published is known to the shop.
 */
export async function settled(
  { lab, signal }: { readonly lab: AttackedLab; readonly signal: AbortSignal },
  payments: ConflictingPayments,
  shop: Shop,
  isHeard: () => Promise<boolean>,
): Promise<Settled> {
  const client = lab.clientOf(shopName);
  const deadlineMs = performance.now() + settleMaxMs;
  for (;;) {
    await untilNextLook(signal);
    const hasHeard = await isHeard();
    const final = {
      payment: await stateAt(client, txidOf(payments.payment)),
      conflict: await stateAt(client, txidOf(payments.conflict)),
    };
    const isDecided = outcomeOf(final.payment, final.conflict) !== "undecided";
    const isNoticed = shop.isPaid === (final.payment.state === "confirmed");
    if (isDecided && isNoticed && hasHeard && lab.observer.isAgreed) return final;
    if (performance.now() >= deadlineMs) return final;
  }
}

export function hexOf(transaction: Transaction): string {
  return bytesToHex(encodeTransaction(transaction));
}
