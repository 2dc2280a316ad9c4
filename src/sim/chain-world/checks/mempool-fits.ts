/** Everything that waits could be mined on the tip: in its order, with no coin spent twice. */

import type { Coin } from "../../../consensus/coin.ts";
import { checkSpend } from "../../../consensus/spend.ts";
import { type OutPoint, outPointName, txidOf } from "../../../primitives/transaction.ts";
import type { ChainStepCheck, Subject } from "./check.ts";

/** It looks up every coin. */
const everySteps = 20;

export class MempoolFits implements ChainStepCheck {
  readonly name = "the mempool fits the tip";
  readonly everySteps = everySteps;

  findViolation({ chain, node }: Subject): string | undefined {
    const view = node.nextBlockView();
    const spent = new Set<string>();
    const made = new Map<string, Coin>();
    const coinAt = (point: OutPoint) => made.get(outPointName(point)) ?? view.coinAt(point);
    for (const { transaction } of node.mempool.entries()) {
      const txid = txidOf(transaction);
      for (const { previous } of transaction.inputs) {
        const name = outPointName(previous);
        if (spent.has(name)) return `two waiting payments spend ${name}`;
        spent.add(name);
      }
      const verdict = checkSpend(transaction, coinAt, view, chain.params);
      if (!verdict.ok) return `payment ${txid} waits, but ${verdict.problem.rule}`;
      for (const [index, output] of transaction.outputs.entries()) {
        const coin = { output, height: view.height, isCoinbase: false };
        made.set(outPointName({ txid, index }), coin);
      }
    }
    return undefined;
  }
}
