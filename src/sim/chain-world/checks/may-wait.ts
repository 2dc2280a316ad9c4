/** Whether a payment could wait at a node: what speaks against it is no fault of the node's. */

import { checkSpend } from "../../../consensus/spend.ts";
import { ancestorsOf } from "../../../mempool/entry.ts";
import { type Transaction, txidOf } from "../../../primitives/transaction.ts";
import type { Subject } from "./check.ts";

/** True if it does not wait, and nothing but its fee may speak against it. */
export function mayWait(payment: Transaction, { chain, node }: Subject): boolean {
  const { mempool } = node;
  if (mempool.has(txidOf(payment))) return false;
  const view = node.nextBlockView();
  const isRivalled = payment.inputs.some(({ previous }) => mempool.spenderOf(previous));
  if (isRivalled || isCrowded(payment, mempool)) return false;
  return checkSpend(payment, (point) => mempool.coinAt(point, view), view, chain.params).ok;
}

/** True if one more may be too many for those that it needs. */
function isCrowded(payment: Transaction, mempool: Subject["node"]["mempool"]): boolean {
  const { ancestorsMax, descendantsMax } = mempool.policy;
  const parents = payment.inputs.map(({ previous }) => mempool.get(previous.txid));
  const above = [...ancestorsOf(parents.filter((parent) => parent !== undefined))];
  if (above.length + 1 > ancestorsMax) return true;
  return above.some(({ descendants }) => descendants.count >= descendantsMax);
}
