/** What happened lately and is in no index: reorganisations, and transactions that lost. */

import type { RemovalReason, ReorgJson } from "../../contract/node-api.ts";
import type { Chain } from "../../chain/chain.ts";
import type { News } from "../../node/news.ts";
import type { BlockHash, Milliseconds, Txid } from "../../primitives/brand.ts";
import { txidOf } from "../../primitives/transaction.ts";
import { reorgJson } from "../http/v1/event-json.ts";

/** What one transaction went through. */
export type Trials = {
  readonly removal?: { readonly reason: RemovalReason; readonly by: Txid | undefined };
  readonly orphaning?: {
    readonly at: Milliseconds;
    readonly block: BlockHash;
    readonly height: number;
  };
};

const reorgsMax = 100;
const transactionsMax = 20_000;

export class Chronicle {
  readonly #chain: Chain;
  /** The oldest first. */
  readonly #reorgs: ReorgJson[] = [];
  /** The one that was touched longest ago first. */
  readonly #trials = new Map<Txid, Trials>();

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  /** The newest first. */
  get reorgs(): ReorgJson[] {
    return this.#reorgs.toReversed();
  }

  trialsOf(txid: Txid): Trials | undefined {
    return this.#trials.get(txid);
  }

  note(news: News, at: Milliseconds): void {
    switch (news.type) {
      case "reorganised":
        this.#reorgs.push(reorgJson(news, at));
        if (this.#reorgs.length > reorgsMax) this.#reorgs.shift();
        for (const hash of news.back) this.#noteOrphaned(hash, at);
        return;
      case "transaction-removed": {
        const { txid, reason, by } = news;
        this.#keep(txid, { ...this.#trials.get(txid), removal: { reason, by } });
        return;
      }
      case "transaction-admitted": {
        const { removal, ...rest } = this.#trials.get(news.txid) ?? {};
        if (removal !== undefined) this.#keep(news.txid, rest);
        return;
      }
      case "block-accepted":
      case "block-rejected":
      case "tip-extended":
      case "peer-ready":
      case "peer-left":
      case "peer-banned":
    }
  }

  #noteOrphaned(hash: BlockHash, at: Milliseconds): void {
    const height = this.#chain.tree.get(hash)?.height;
    const block = this.#chain.blockOf(hash);
    if (height === undefined || block === undefined) return;
    for (const txid of block.transactions.map(txidOf)) {
      const orphaning = { at, block: hash, height };
      this.#keep(txid, { ...this.#trials.get(txid), orphaning });
    }
  }

  #keep(txid: Txid, trials: Trials): void {
    this.#trials.delete(txid);
    this.#trials.set(txid, trials);
    if (this.#trials.size <= transactionsMax) return;
    for (const oldest of this.#trials.keys()) {
      this.#trials.delete(oldest);
      return;
    }
  }
}
