/** Carries out the payments of the plan, with the purses' coins, over the nodes' REST APIs. */

import { bytesToHex } from "../primitives/bytes.ts";
import { encodeTransaction, txidOf } from "../primitives/transaction.ts";
import type { NodeClient } from "../wallet/client.ts";
import type { LabFacts } from "./event.ts";
import type { Purse } from "./purse.ts";
import type { PlannedPayment } from "./traffic.ts";

/** Whose money moves, and whom to ask. */
export interface Bank {
  purseOf(name: string): Purse;
  clientOf(name: string): NodeClient;
}

/** A purse with more coins joins its smallest ones, in place of the planned payment. */
const coinsPerPurseMax = 80;
const coinsJoined = 20;
/** Left for the fee when a coin is chosen, in satoshis. */
const feeAllowance = 1_000;

/**
 * Pays with the smallest coin that suffices.
 *
 * @returns what happened; undefined if the payer has no such coin now.
 */
export async function carryOut(bank: Bank, payment: PlannedPayment): Promise<LabFacts | undefined> {
  const { from, to, value, via } = payment;
  try {
    const purse = bank.purseOf(from);
    const coins = await purse.ripeCoins(bank.clientOf(from));
    if (coins.length > coinsPerPurseMax) {
      const { transaction, fee } = purse.takeBack(coins.slice(-coinsJoined));
      const joined = transaction.outputs.reduce((sum, output) => sum + output.value, 0);
      const txid = await send(bank.clientOf(via), transaction);
      return { type: "payment", txid, from, to: from, value: joined, fee, via };
    }
    const coin = coins.findLast((each) => each.value >= value + feeAllowance);
    const { script } = bank.purseOf(to).key;
    const signed = coin && purse.pay(coin, { value, script });
    if (signed === undefined) return undefined;
    const txid = await send(bank.clientOf(via), signed.transaction);
    return { type: "payment", txid, from, to, value, fee: signed.fee, via };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { type: "payment-failed", from, to, reason };
  }
}

async function send(client: NodeClient, transaction: Parameters<typeof txidOf>[0]) {
  await client.sendTransaction(bytesToHex(encodeTransaction(transaction)));
  return txidOf(transaction);
}
