/** What a reorganisation takes back waits again, wherever the new branch allows it. */

import type { TreeEntry } from "../../../chain/tree.ts";
import { checkSpend } from "../../../consensus/spend.ts";
import { ancestorsOf } from "../../../mempool/entry.ts";
import type { BlockHash } from "../../../primitives/brand.ts";
import { type Transaction, txidOf } from "../../../primitives/transaction.ts";
import type { ChainStepCheck, Subject } from "./check.ts";

/** Looks at each move of a tip, before anything else can happen to the mempool. */
export class PaymentsReturn implements ChainStepCheck {
  readonly name = "payments return";
  readonly everySteps = 1;
  /** The tip of each chain when it was last looked at; a node that starts again has a new chain. */
  readonly #lastTip = new WeakMap<Subject["chain"], TreeEntry>();

  findViolation(subject: Subject): string | undefined {
    const { chain } = subject;
    const last = this.#lastTip.get(chain);
    this.#lastTip.set(chain, chain.tip);
    if (last === undefined || last === chain.tip) return undefined;
    const { back, forth } = chain.tree.path(last, chain.tip);
    if (back.length === 0) return undefined;
    const mined = new Set(forth.flatMap(({ hash }) => paymentsOf(hash, subject)).map(txidOf));
    for (const { hash } of back.toReversed()) {
      for (const payment of paymentsOf(hash, subject)) {
        if (mined.has(txidOf(payment)) || !mayWait(payment, subject)) continue;
        return `payment ${txidOf(payment)} of block ${hash} is forgotten`;
      }
    }
    return undefined;
  }
}

/** True if it does not wait, and nothing speaks against it. */
function mayWait(payment: Transaction, { chain, node }: Subject): boolean {
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

function paymentsOf(hash: BlockHash, { chain }: Subject): readonly Transaction[] {
  return chain.blockOf(hash)?.transactions.slice(1) ?? [];
}
