/** Makes payments, planned or ordered, with the wallets' coins over the nodes' REST APIs. */

import type { PaymentOrder } from "../../contract/lab.ts";
import type { LabFacts } from "../../contract/timeline.ts";
import { describeAddressProblem } from "../../primitives/address.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { messageOf } from "../../primitives/error-message.ts";
import { encodeTransaction, txidOf } from "../../primitives/transaction.ts";
import { type NodeClient, NodeRefusedError } from "../../wallet/client.ts";
import { dustMin } from "../../wallet/coins.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { NodeWallet, SignedPayment } from "./node-wallet.ts";
import type { PlannedPayment } from "./traffic.ts";

/** The wallets of a lab's nodes, and their REST APIs. */
export interface Wallets {
  readonly names: readonly string[];
  walletOf(name: string): NodeWallet;
  clientOf(name: string): NodeClient;
}

export type Payment = Omit<Extract<LabFacts, { readonly type: "payment" }>, "type">;

/** A wallet with more coins joins its smallest ones instead of the planned payment. */
const coinsPerWalletMax = 80;
const coinsJoined = 20;
/** Left for the fee when a coin is chosen, in satoshis. */
const feeAllowance = 1_000;

/**
 * Pays with the smallest coin that suffices.
 *
 * @returns what happened; undefined if the payer has no such coin now.
 */
export async function makePlannedPayment(
  wallets: Wallets,
  payment: PlannedPayment,
): Promise<LabFacts | undefined> {
  const { from, to, value, via } = payment;
  try {
    const wallet = wallets.walletOf(from);
    const coins = await wallet.spendableCoins(wallets.clientOf(from));
    if (coins.length > coinsPerWalletMax) {
      const joining = wallet.payToSelf(coins.slice(-coinsJoined));
      const joined = joining.transaction.outputs.reduce((sum, output) => sum + output.value, 0);
      const txid = await send(wallets.clientOf(via), wallet, joining);
      return { type: "payment", txid, from, to: from, value: joined, fee: joining.fee, via };
    }
    const coin = coins.findLast((each) => each.value >= value + feeAllowance);
    const { script } = wallets.walletOf(to).key;
    const signed = coin && wallet.pay(coin, { value, script });
    if (signed === undefined) return undefined;
    const txid = await send(wallets.clientOf(via), wallet, signed);
    return { type: "payment", txid, from, to, value, fee: signed.fee, via };
  } catch (error) {
    return { type: "payment-failed", from, to, reason: messageOf(error) };
  }
}

/**
 * Pays at once with as many coins as needed, and submits the payment at the payer's own node.
 *
 * @throws LeverError if it cannot be paid, or if the node refuses it.
 */
export async function makeOrderedPayment(wallets: Wallets, order: PaymentOrder): Promise<Payment> {
  const { from, value, feeRate } = order;
  const [wallet, client] = [wallets.walletOf(from), wallets.clientOf(from)];
  const { to, script } = payeeOf(wallets, order);
  if (value < dustMin) {
    throw new LeverError(
      `${value} satoshis are dust, which nodes do not relay: pay at least ${dustMin}.`,
    );
  }
  const paid = wallet.payWith(await wallet.spendableCoins(client), { value, script }, feeRate);
  if (!paid.ok) {
    const { available, required } = paid.problem;
    throw new LeverError(
      `${from} needs ${required} satoshis with the fee, and has ${available} in confirmed, mature ` +
        "coins: pay less, or wait for some blocks.",
    );
  }
  try {
    const txid = await send(client, wallet, paid.value);
    return { txid, from, to, value, fee: paid.value.fee, via: from };
  } catch (error) {
    if (!(error instanceof NodeRefusedError)) throw error;
    throw new LeverError(`The node of ${from} refuses the payment: ${error.message}.`);
  }
}

/** The address of a node is replaced by that node's name. */
function payeeOf(wallets: Wallets, { from, to }: PaymentOrder) {
  const named = wallets.names.find(
    (name) => name === to || wallets.walletOf(name).key.address === to,
  );
  if (named !== undefined) return { to: named, script: wallets.walletOf(named).key.script };
  const script = wallets.walletOf(from).scriptOf(to);
  if (script.ok) return { to, script: script.value };
  const reason = describeAddressProblem(to, script.problem);
  throw new LeverError(`${reason} Pay one of ${wallets.names.join(", ")}, or an address.`);
}

async function send(client: NodeClient, wallet: NodeWallet, { transaction }: SignedPayment) {
  try {
    await client.sendTransaction(bytesToHex(encodeTransaction(transaction)));
  } catch (error) {
    wallet.release(transaction);
    throw error;
  }
  return txidOf(transaction);
}
