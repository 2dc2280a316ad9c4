/** Carries out the payments of the plan, with the purses' coins, over the nodes' REST APIs. */

import { describeAddressProblem } from "../../primitives/address.ts";
import type { PaymentOrder } from "../../contract/lab.ts";
import type { LabFacts } from "../../contract/timeline.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { encodeTransaction, txidOf } from "../../primitives/transaction.ts";
import { NodeRefusedError, type NodeClient } from "../../wallet/client.ts";
import { dustMin } from "../../wallet/coins.ts";
import { LeverError } from "../lever-error.ts";
import type { Purse, SignedPayment } from "./purse.ts";
import type { PlannedPayment } from "./traffic.ts";

/** Whose money moves, and whom to ask. */
export interface Bank {
  readonly names: readonly string[];
  purseOf(name: string): Purse;
  clientOf(name: string): NodeClient;
}

export type Payment = Omit<Extract<LabFacts, { readonly type: "payment" }>, "type">;

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
      const joining = purse.takeBack(coins.slice(-coinsJoined));
      const joined = joining.transaction.outputs.reduce((sum, output) => sum + output.value, 0);
      const txid = await send(bank.clientOf(via), purse, joining);
      return { type: "payment", txid, from, to: from, value: joined, fee: joining.fee, via };
    }
    const coin = coins.findLast((each) => each.value >= value + feeAllowance);
    const { script } = bank.purseOf(to).key;
    const signed = coin && purse.pay(coin, { value, script });
    if (signed === undefined) return undefined;
    const txid = await send(bank.clientOf(via), purse, signed);
    return { type: "payment", txid, from, to, value, fee: signed.fee, via };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { type: "payment-failed", from, to, reason };
  }
}

/**
 * Pays at once with whatever coins it takes, and hands the payment in at the payer's own node.
 *
 * @throws LeverError if it cannot be paid, or if the node refuses it.
 */
export async function payOrder(bank: Bank, order: PaymentOrder): Promise<Payment> {
  const { from, value, feeRate } = order;
  const [purse, client] = [bank.purseOf(from), bank.clientOf(from)];
  const { to, script } = payeeOf(bank, order);
  if (value < dustMin) {
    throw new LeverError(`${value} satoshis are dust, which nodes do not pass on: pay ${dustMin}.`);
  }
  const paid = purse.payWith(await purse.ripeCoins(client), { value, script }, feeRate);
  if (!paid.ok) {
    const { available, required } = paid.problem;
    throw new LeverError(
      `${from} needs ${required} satoshis with the fee, and has ${available} in confirmed, ripe ` +
        "coins: pay less, or wait for some blocks.",
    );
  }
  try {
    const txid = await send(client, purse, paid.value);
    return { txid, from, to, value, fee: paid.value.fee, via: from };
  } catch (error) {
    if (!(error instanceof NodeRefusedError)) throw error;
    throw new LeverError(`${from}'s node refuses the payment: ${error.message}.`);
  }
}

/** An address that is a node's gets that node's name. */
function payeeOf(bank: Bank, { from, to }: PaymentOrder) {
  const named = bank.names.find((name) => name === to || bank.purseOf(name).key.address === to);
  if (named !== undefined) return { to: named, script: bank.purseOf(named).key.script };
  const script = bank.purseOf(from).scriptOf(to);
  if (script.ok) return { to, script: script.value };
  const reason = describeAddressProblem(to, script.problem);
  throw new LeverError(`${reason} Pay one of ${bank.names.join(", ")}, or an address.`);
}

async function send(client: NodeClient, purse: Purse, { transaction }: SignedPayment) {
  try {
    await client.sendTransaction(bytesToHex(encodeTransaction(transaction)));
  } catch (error) {
    purse.forget(transaction);
    throw error;
  }
  return txidOf(transaction);
}
