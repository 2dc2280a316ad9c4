/** What a node knows of an account at one time: its used keys and their coins. */

import type { AddressJson, CoinJson } from "../contract/node-api.ts";
import type { Satoshi } from "../primitives/brand.ts";
import type { NodeClient } from "./client.ts";
import { confirmationsOf, isCoinbase } from "./history.ts";
import type { Account, KeyUse, WalletKey } from "./keys.ts";
import type { OwnCoin } from "./payment.ts";

/** After so many unused addresses in a row no further one is asked for. @see BIP44 */
const gapLimit = 20;

/** A coin with what decides whether it may be spent. */
export type WalletCoin = OwnCoin & {
  readonly address: string;
  /** Blocks that hold it or stand on it; 0 while it waits. */
  readonly confirmations: number;
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

/** Asks a node for all that it knows of an account; nothing is cached. */
export class ViewReader {
  readonly #account: Account;
  readonly #client: NodeClient;

  constructor(account: Account, client: NodeClient) {
    this.#account = account;
    this.#client = client;
  }

  async read(): Promise<WalletView> {
    const { height: tipHeight } = await this.#client.node();
    const receiving = await this.#scan("receiving");
    const change = await this.#scan("change");
    const used = [...receiving.used, ...change.used];
    const coins: WalletCoin[] = [];
    for (const key of used) coins.push(...(await this.#coinsOf(key, tipHeight)));
    return { tipHeight, used, next: { receiving: receiving.next, change: change.next }, coins };
  }

  async #scan(use: KeyUse): Promise<{ used: WalletKey[]; next: WalletKey }> {
    const used: WalletKey[] = [];
    let next: WalletKey | undefined;
    for (let index = 0, unusedInRow = 0; unusedInRow < gapLimit; index += gapLimit) {
      const keys = Array.from({ length: gapLimit }, (_, i) =>
        this.#account.keyAt({ use, index: index + i }),
      );
      const answers = await Promise.all(keys.map(({ address }) => this.#client.address(address)));
      for (const [i, key] of keys.entries()) {
        const answer = answers[i];
        const isUsed = answer !== undefined && countOf(answer) > 0;
        if (isUsed) used.push(key);
        else next ??= key;
        unusedInRow = isUsed ? 0 : unusedInRow + 1;
      }
    }
    return { used, next: next ?? this.#account.keyAt({ use, index: 0 }) };
  }

  async #coinsOf(key: WalletKey, tipHeight: number): Promise<WalletCoin[]> {
    const coins: WalletCoin[] = [];
    for (const json of await this.#client.coinsOf(key.address)) {
      const confirmations = confirmationsOf(json, tipHeight);
      coins.push({
        point: { txid: json.txid, index: json.vout },
        value: json.value,
        script: key.script,
        place: key.place,
        address: key.address,
        confirmations,
        isImmature: await this.#isImmature(json, confirmations),
      });
    }
    return coins;
  }

  /** A coin may go into the next block if it will then be deep enough. */
  async #isImmature({ txid, status }: CoinJson, confirmations: number): Promise<boolean> {
    if (!status.confirmed || confirmations >= this.#account.network.coinbaseMaturity) return false;
    return isCoinbase(await this.#client.transaction(txid));
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

function countOf({ chain_stats, mempool_stats }: AddressJson): number {
  return chain_stats.tx_count + mempool_stats.tx_count;
}
