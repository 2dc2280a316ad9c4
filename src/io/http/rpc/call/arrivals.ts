/** When each transaction that waits came, and at which height: the mempool itself keeps only ages. */

import type { MempoolEntry } from "../../../../mempool/entry.ts";
import type { Txid } from "../../../../primitives/brand.ts";
import type { ServedNode } from "../../../queries/served-node.ts";

export type Arrival = {
  /** Of the clock that people set. */
  readonly timeSeconds: number;
  /** Of the tip at that time. */
  readonly height: number;
};

/** So many of transactions that have left may be kept before they are looked for. */
const outdatedMax = 1_000;

export class Arrivals {
  readonly #served: Pick<ServedNode, "node" | "runner">;
  readonly #arrivals = new Map<Txid, Arrival>();

  constructor(served: Pick<ServedNode, "node" | "runner">) {
    this.#served = served;
    served.runner.onNews((news, at) => {
      if (news.type !== "transaction-admitted") return;
      const { height } = served.node.chain.tip;
      this.#arrivals.set(news.txid, { timeSeconds: Math.floor(at / 1000), height });
      this.#dropOutdated();
    });
  }

  /** For one that waited before this began, or waits again, by its age and the present tip. */
  of({ txid, time }: MempoolEntry): Arrival {
    const noted = this.#arrivals.get(txid);
    if (noted !== undefined) return noted;
    const { wall, elapsed } = this.#served.runner.clock.read();
    const timeSeconds = Math.floor((wall - (elapsed - time)) / 1000);
    return { timeSeconds, height: this.#served.node.chain.tip.height };
  }

  #dropOutdated(): void {
    const { mempool } = this.#served.node;
    if (this.#arrivals.size <= 2 * mempool.count + outdatedMax) return;
    for (const txid of this.#arrivals.keys()) {
      if (!mempool.has(txid)) this.#arrivals.delete(txid);
    }
  }
}
