/** What happened lately and is in no index: reorganisations, and transactions that lost. */

import type { Chain } from "../../chain/chain.ts";
import type { News } from "../../node/news.ts";
import type { BlockHash, Milliseconds, Txid } from "../../primitives/brand.ts";
import { txidOf } from "../../primitives/transaction.ts";
import { unreachable } from "../../primitives/verdict.ts";

type NewsOf<Type extends News["type"]> = News & { readonly type: Type };

export type Reorganisation = { readonly at: Milliseconds; readonly news: NewsOf<"reorganised"> };

/** Why a transaction left the mempool without being confirmed, and what took its place. */
export type Removal = Pick<NewsOf<"transaction-removed">, "reason" | "by">;

/** When a reorganisation left a transaction's block behind, and which block that was. */
export type Orphaning = {
  readonly at: Milliseconds;
  readonly block: BlockHash;
  readonly height: number;
};

/** The history of one transaction. */
export type TransactionPast = {
  /** Dropped when it is admitted again. */
  readonly removal?: Removal;
  /** The latest one. */
  readonly orphaning?: Orphaning;
};

const reorganisationsMax = 100;
const transactionsMax = 20_000;

export class RecentHistory {
  readonly #chain: Chain;
  /** The oldest first. */
  readonly #reorganisations: Reorganisation[] = [];
  /** The one that was touched longest ago first. */
  readonly #pasts = new Map<Txid, TransactionPast>();

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  /** The newest first. */
  get reorganisations(): Reorganisation[] {
    return this.#reorganisations.toReversed();
  }

  pastOf(txid: Txid): TransactionPast | undefined {
    return this.#pasts.get(txid);
  }

  note(news: News, at: Milliseconds): void {
    switch (news.type) {
      case "reorganised":
        this.#reorganisations.push({ at, news });
        if (this.#reorganisations.length > reorganisationsMax) this.#reorganisations.shift();
        for (const hash of news.back) this.#noteOrphaned(hash, at);
        return;
      case "transaction-removed": {
        const { txid, reason, by } = news;
        this.#keep(txid, { ...this.#pasts.get(txid), removal: { reason, by } });
        return;
      }
      case "transaction-admitted": {
        const { removal, ...rest } = this.#pasts.get(news.txid) ?? {};
        if (removal !== undefined) this.#keep(news.txid, rest);
        return;
      }
      case "block-accepted":
      case "block-rejected":
      case "tip-extended":
      case "peer-ready":
      case "peer-left":
      case "peer-banned":
      case "miners-rest":
      case "clock-disagrees":
        return;
      default:
        unreachable(news);
    }
  }

  #noteOrphaned(hash: BlockHash, at: Milliseconds): void {
    const height = this.#chain.tree.get(hash)?.height;
    const block = this.#chain.blockOf(hash);
    if (height === undefined || block === undefined) return;
    for (const txid of block.transactions.map(txidOf)) {
      const orphaning = { at, block: hash, height };
      this.#keep(txid, { ...this.#pasts.get(txid), orphaning });
    }
  }

  #keep(txid: Txid, past: TransactionPast): void {
    this.#pasts.delete(txid);
    this.#pasts.set(txid, past);
    if (this.#pasts.size <= transactionsMax) return;
    for (const oldest of this.#pasts.keys()) {
      this.#pasts.delete(oldest);
      return;
    }
  }
}
