/** What a node knows of an account at one time: its used keys and their coins. */

import type { CoinPageJson } from "../contract/coin-page.ts";
import type { BlockHash, Satoshi } from "../primitives/brand.ts";
import type { NodeClient } from "./client.ts";
import { fewAtATime } from "./few-at-a-time.ts";
import type { Account, KeyUse, WalletKey } from "./keys.ts";
import type { OwnCoin } from "./payment.ts";

/** After so many unused addresses in a row no further one is asked for. @see BIP44 */
export const gapLimitDefault = 20;
/** Addresses are asked for by so many, whatever the limit is. */
const stepCount = 20;
const attemptsMax = 5;

/** A coin with what decides whether it may be spent. */
export type WalletCoin = OwnCoin & {
  readonly address: string;
  /** Blocks that hold it or stand on it; 0 while it waits. */
  readonly confirmations: number;
  readonly isCoinbase: boolean;
  /** Whether it is a coinbase's, too young to be spent. */
  readonly isImmature: boolean;
};

/** What a node knows of a wallet at one time. */
export type WalletView = {
  readonly tipHeight: number;
  readonly used: readonly WalletKey[];
  /** The first unused key of each kind. */
  readonly next: Readonly<Record<KeyUse, WalletKey>>;
  readonly coins: readonly WalletCoin[];
};

/** The three parts do not overlap. */
export type Balance = {
  readonly confirmed: Satoshi;
  readonly unconfirmed: Satoshi;
  readonly immature: Satoshi;
};

/** How far a reading is: coins that were read, of those that are known of so far. */
export type ReadingProgress = (read: number, known: number) => void;

export type ViewOptions = {
  readonly gapLimit?: number;
  /** Numbers of receiving addresses that are asked for in any case. */
  readonly addresses?: readonly number[];
  readonly onProgress?: ReadingProgress;
};

/** Asks a node for all that it knows of an account; nothing is cached. */
export class ViewReader {
  readonly #account: Account;
  readonly #client: NodeClient;
  readonly #options: Required<ViewOptions>;

  constructor(account: Account, client: NodeClient, options: ViewOptions = {}) {
    this.#account = account;
    this.#client = client;
    const defaults = { gapLimit: gapLimitDefault, addresses: [], onProgress: () => {} };
    this.#options = { ...defaults, ...options };
  }

  /** Reads anew if the tip moves meanwhile, so that all coins are those of one tip. */
  async read(): Promise<WalletView> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const reading = new Reading(this.#account, this.#client, this.#options);
      const receiving = await reading.scan("receiving", this.#options.addresses);
      const change = await reading.scan("change", []);
      if (reading.hasOneTip) {
        const used = [...receiving.used, ...change.used];
        const next = { receiving: receiving.next, change: change.next };
        return { tipHeight: reading.tipHeight, used, next, coins: reading.coins };
      }
    }
    throw new Error("The tip moves faster than all coins of this wallet can be read: try again.");
  }
}

/** One attempt, and the pages that it has read. */
class Reading {
  readonly #account: Account;
  readonly #client: NodeClient;
  readonly #options: Required<ViewOptions>;
  readonly #tips = new Set<BlockHash>();
  readonly coins: WalletCoin[] = [];
  tipHeight = 0;
  #knownCount = 0;

  constructor(account: Account, client: NodeClient, options: Required<ViewOptions>) {
    this.#account = account;
    this.#client = client;
    this.#options = options;
  }

  get hasOneTip(): boolean {
    return this.#tips.size === 1;
  }

  /**
   * Goes through the addresses of one use in order, until many in a row were never used.
   *
   * @param others numbers of further addresses, wherever they are.
   */
  async scan(
    use: KeyUse,
    others: readonly number[],
  ): Promise<{ used: WalletKey[]; next: WalletKey }> {
    const used: WalletKey[] = [];
    let next: WalletKey | undefined;
    let index = 0;
    for (let unusedInRow = 0; unusedInRow < this.#options.gapLimit; index += stepCount) {
      const keys = Array.from({ length: stepCount }, (_, i) =>
        this.#account.keyAt({ use, index: index + i }),
      );
      const areUsed = await fewAtATime(keys, (key) => this.#readCoins(key));
      for (const [i, key] of keys.entries()) {
        if (areUsed[i]) used.push(key);
        else next ??= key;
        unusedInRow = areUsed[i] ? 0 : unusedInRow + 1;
      }
    }
    const beyond = others.filter((other) => other >= index);
    const keys = beyond.map((other) => this.#account.keyAt({ use, index: other }));
    const areUsed = await fewAtATime(keys, (key) => this.#readCoins(key));
    used.push(...keys.filter((_, i) => areUsed[i]));
    return { used, next: next ?? this.#account.keyAt({ use, index }) };
  }

  /** Whether the key was ever used. */
  async #readCoins(key: WalletKey): Promise<boolean> {
    let page = await this.#client.coinPage(key.address);
    this.#knownCount += page.coin_count;
    this.#add(key, page);
    while (page.next !== null) {
      page = await this.#client.coinPage(key.address, page.next);
      this.#add(key, page);
    }
    return page.tx_count > 0;
  }

  #add({ script, place, address }: WalletKey, { coins, tip, height }: CoinPageJson): void {
    this.#tips.add(tip);
    this.tipHeight = height;
    for (const { txid, vout, value, height: coinHeight, coinbase } of coins) {
      const confirmations = coinHeight === null ? 0 : height - coinHeight + 1;
      // A coin may go into the next block if it will then be deep enough.
      const isImmature = coinbase && confirmations < this.#account.network.coinbaseMaturity;
      const point = { txid, index: vout };
      const facts = { confirmations, isCoinbase: coinbase, isImmature };
      this.coins.push({ point, value, script, place, address, ...facts });
    }
    this.#options.onProgress(this.coins.length, this.#knownCount);
  }
}

export function balanceOf(coins: readonly WalletCoin[]): Balance {
  const sum = (filter: (coin: WalletCoin) => boolean): Satoshi =>
    coins.filter(filter).reduce((total, { value }) => total + value, 0) as Satoshi;
  return {
    confirmed: sum(({ confirmations, isImmature }) => confirmations > 0 && !isImmature),
    unconfirmed: sum(({ confirmations }) => confirmations === 0),
    immature: sum(({ isImmature }) => isImmature),
  };
}

/** The sender may replace an unconfirmed payment: we spend it only if we are the sender. */
export function isSpendable({ confirmations, isImmature, place }: WalletCoin): boolean {
  return !isImmature && (confirmations > 0 || place.use === "change");
}
