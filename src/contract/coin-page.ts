/** The coins of an address as our own route tells them: a page at a time. */

import type { BlockHash, Satoshi, Txid } from "../primitives/brand.ts";

/** An unspent output, with what decides whether it may be spent. */
export type PagedCoinJson = {
  readonly txid: Txid;
  readonly vout: number;
  readonly value: Satoshi;
  /** Of the block that holds it; null while it waits. */
  readonly height: number | null;
  readonly coinbase: boolean;
};

/** In the order of `next`, so that no coin is told twice; `?after=` asks for the next page. */
export type CoinPageJson = {
  /** Pages of different tips do not belong together. */
  readonly tip: BlockHash;
  readonly height: number;
  /** Transactions that touched the address, waiting ones too. */
  readonly tx_count: number;
  /** On all pages. */
  readonly coin_count: number;
  readonly coins: readonly PagedCoinJson[];
  /** What `after` must be for the next page; null on the last one. */
  readonly next: string | null;
};
