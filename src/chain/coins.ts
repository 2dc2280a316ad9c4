/** Coins as a stack of layers: what a branch would change, over what is in the store. */

import type { Coin } from "../consensus/coin.ts";
import type { Store, Write } from "../machine/store.ts";
import { type OutPoint, outPointName } from "../primitives/transaction.ts";
import { coinKey, decodeCoin, encodeCoin } from "./records.ts";

export interface CoinView {
  get(point: OutPoint): Coin | undefined;
}

/** The coins of the active branch. */
export function storedCoins(store: Store): CoinView {
  return {
    get(point) {
      const record = store.get(coinKey(point));
      return record && decodeCoin(record);
    },
  };
}

/** Changes to coins that touch nothing until they are written; to discard them, drop the layer. */
export class CoinLayer implements CoinView {
  readonly #base: CoinView;
  /** A coin that was made, or undefined for one that was taken away. */
  readonly #changes = new Map<string, { readonly point: OutPoint; readonly coin?: Coin }>();

  constructor(base: CoinView) {
    this.#base = base;
  }

  get(point: OutPoint): Coin | undefined {
    const change = this.#changes.get(outPointName(point));
    return change === undefined ? this.#base.get(point) : change.coin;
  }

  add(point: OutPoint, coin: Coin): void {
    this.#changes.set(outPointName(point), { point, coin });
  }

  remove(point: OutPoint): void {
    this.#changes.set(outPointName(point), { point });
  }

  writes(): Write[] {
    return Array.from(this.#changes.values(), ({ point, coin }) => {
      const key = coinKey(point);
      return coin ? { type: "put", key, value: encodeCoin(coin) } : { type: "delete", key };
    });
  }
}
