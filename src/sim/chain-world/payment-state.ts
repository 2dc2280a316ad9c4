/** The state of a payment at one node. */

import type { Node } from "../../node/node.ts";
import type { Txid } from "../../primitives/brand.ts";
import { txidOf } from "../../primitives/transaction.ts";

export type PaymentState = {
  readonly txid: Txid;
  readonly status: "confirmed" | "waiting" | "gone";
  readonly confirmations: number;
};

/** @param above the height above which it must be, if it is confirmed. */
export function paymentStateOf(txid: Txid, { chain, mempool }: Node, above: number): PaymentState {
  for (let height = chain.tip.height; height > above; height--) {
    const entry = chain.entryAt(height);
    const block = entry && chain.blockOf(entry.hash);
    if (!block?.transactions.some((each) => txidOf(each) === txid)) continue;
    return { txid, status: "confirmed", confirmations: chain.tip.height - height + 1 };
  }
  return { txid, status: mempool.has(txid) ? "waiting" : "gone", confirmations: 0 };
}
