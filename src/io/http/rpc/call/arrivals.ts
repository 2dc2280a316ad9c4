/** When each transaction that waits came, and at which height: the mempool itself keeps only ages. */

import type { MempoolEntry } from "../../../../mempool/entry.ts";
import type { Block } from "../../../../primitives/block.ts";
import type { Milliseconds, Txid } from "../../../../primitives/brand.ts";
import { txidOf } from "../../../../primitives/transaction.ts";
import type { ServedNode } from "../../../queries/served-node.ts";

export type Arrival = {
  /** Of the clock that people set. */
  readonly timeSeconds: number;
  /** Of the tip at that time. */
  readonly height: number;
  /** Whether it was submitted here while there was no peer to send it to. */
  readonly isUnbroadcast: boolean;
};

/** So many of transactions that have left may be kept before they are looked for. */
const outdatedMax = 1_000;

export class Arrivals {
  readonly #served: Pick<ServedNode, "node" | "runner">;
  readonly #arrivals = new Map<Txid, Arrival>();

  constructor(served: Pick<ServedNode, "node" | "runner">) {
    this.#served = served;
    served.runner.onNews((news, at) => {
      if (news.type === "transaction-admitted") this.#note(news.txid, at, news.from === undefined);
      else if (news.type === "block-accepted") this.#forgetMined(news.block);
      else if (news.type === "reorganised") {
        for (const txid of news.readmitted) this.#note(txid, at, false);
      }
    });
  }

  #note(txid: Txid, at: Milliseconds, isOwn: boolean): void {
    const { chain, peers } = this.#served.node;
    const isUnbroadcast = isOwn && ![...peers.all()].some(({ isReady }) => isReady);
    const timeSeconds = Math.floor(at / 1000);
    this.#arrivals.set(txid, { timeSeconds, height: chain.tip.height, isUnbroadcast });
    this.#dropOutdated();
  }

  #forgetMined({ transactions }: Block): void {
    for (const txid of transactions.map(txidOf)) {
      if (!this.#served.node.mempool.has(txid)) this.#arrivals.delete(txid);
    }
  }

  /** For one that waited before this began, or waits again, by its age and the present tip. */
  of({ txid, time }: MempoolEntry): Arrival {
    const noted = this.#arrivals.get(txid);
    if (noted !== undefined) return noted;
    const { wall, elapsed } = this.#served.runner.clock.read();
    const timeSeconds = Math.floor((wall - (elapsed - time)) / 1000);
    return { timeSeconds, height: this.#served.node.chain.tip.height, isUnbroadcast: false };
  }

  #dropOutdated(): void {
    const { mempool } = this.#served.node;
    if (this.#arrivals.size <= 2 * mempool.count + outdatedMax) return;
    for (const txid of this.#arrivals.keys()) {
      if (!mempool.has(txid)) this.#arrivals.delete(txid);
    }
  }
}
