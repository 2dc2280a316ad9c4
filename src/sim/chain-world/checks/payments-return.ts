/** What a reorganisation takes back waits again, wherever the new branch allows it. */

import type { TreeEntry } from "../../../chain/tree.ts";
import { relativeDisabled } from "../../../consensus/locks.ts";
import type { BlockHash } from "../../../primitives/brand.ts";
import { type Transaction, txidOf } from "../../../primitives/transaction.ts";
import type { ChainStepCheck, Subject } from "./check.ts";
import { mayWait } from "./may-wait.ts";

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
    // Where one step moves the tip several times, what was locked at the first may have gone.
    const isOneMove = forth.filter(({ work }) => work > last.work).length <= 1;
    const mined = new Set(forth.flatMap(({ hash }) => paymentsOf(hash, subject)).map(txidOf));
    for (const { hash } of back.toReversed()) {
      for (const payment of paymentsOf(hash, subject)) {
        if (mined.has(txidOf(payment)) || !mayWait(payment, subject)) continue;
        if (!isOneMove && mayBeLocked(payment)) continue;
        return `payment ${txidOf(payment)} of block ${hash} is lost`;
      }
    }
    return undefined;
  }
}

/** By a height or a time, of the chain or of a coin: none of its inputs says that it never is. */
function mayBeLocked({ lockTime, version, inputs }: Transaction): boolean {
  if (lockTime !== 0) return true;
  return version >= 2 && inputs.some(({ sequence }) => sequence < relativeDisabled);
}

function paymentsOf(hash: BlockHash, { chain }: Subject): readonly Transaction[] {
  return chain.blockOf(hash)?.transactions.slice(1) ?? [];
}
