/** What happened to one taproot key: its coins and transactions, confirmed and waiting. */

import type { AddressJson, CoinJson } from "../../contract/node-api.ts";
import { parsePointDigits } from "../../chain/records.ts";
import {
  decodeTotals,
  historyKey,
  historyPrefix,
  noTotals,
  ownedPrefix,
  ownerOf,
  totalsKey,
} from "../../indexes/address-records.ts";
import type { Txid } from "../../primitives/brand.ts";
import { displayHash } from "../../primitives/hash.ts";
import { outPointName } from "../../primitives/transaction.ts";
import { chainStats, mempoolStats } from "./esplora-shapes.ts";
import { unconfirmed, type FoundTransaction, type Ledger } from "./ledger.ts";
import { PlainError } from "./plain-text.ts";
import type { ServedNode } from "./served-node.ts";
import { WaitingByKey } from "./waiting.ts";

/** @see Esplora, API.md */
const pageLength = 25;
const waitingMax = 50;
/** More would be an answer of many megabytes. */
const coinsMax = 100_000;
const attemptsMax = 5;

export class KeyHistory {
  readonly #served: ServedNode;
  readonly #ledger: Ledger;
  readonly #waiting: WaitingByKey;

  constructor(served: ServedNode, ledger: Ledger) {
    this.#served = served;
    this.#ledger = ledger;
    this.#waiting = new WaitingByKey(served.node);
  }

  stats(key: Uint8Array): Omit<AddressJson, "address"> {
    const record = this.#served.store.get(totalsKey(ownerOf(key)));
    return {
      chain_stats: chainStats(record === undefined ? noTotals : decodeTotals(record)),
      mempool_stats: mempoolStats(this.#waiting.touching(key)),
    };
  }

  /** The newest first. */
  waiting(key: Uint8Array): FoundTransaction[] {
    const touches = this.#waiting.touching(key).slice(0, waitingMax);
    return touches.map(({ entry }) => this.#ledger.waiting(entry));
  }

  /**
   * A page of confirmed transactions, the newest first.
   *
   * @param after the last one of the page before; if it is unknown, nothing comes after it.
   */
  confirmed(key: Uint8Array, after?: Txid): Promise<FoundTransaction[]> {
    return this.#onOneTip(() => this.#readPage(key, after));
  }

  /** Waiting ones, then the newest page of confirmed ones. */
  all(key: Uint8Array): Promise<FoundTransaction[]> {
    return this.#onOneTip(async () => {
      return [...this.waiting(key), ...(await this.#readPage(key))];
    });
  }

  /** What the next transaction could spend: not what a waiting one spends. */
  coins(key: Uint8Array): Promise<CoinJson[]> {
    return this.#onOneTip(() => this.#readCoins(key));
  }

  async #readPage(key: Uint8Array, after?: Txid): Promise<FoundTransaction[]> {
    const place = after && this.#ledger.placeOf(after);
    if (after !== undefined && place === undefined) return [];
    const page: FoundTransaction[] = [];
    const records = this.#served.store.scan(historyPrefix(ownerOf(key)), {
      reverse: true,
      limit: pageLength,
      ...(place && { after: historyKey(ownerOf(key), place.height, place.position) }),
    });
    for await (const [, record] of records) {
      const found = this.#ledger.find(displayHash<Txid>(record));
      if (found !== undefined) page.push(found);
    }
    return page;
  }

  async #readCoins(key: Uint8Array): Promise<CoinJson[]> {
    const prefix = ownedPrefix(ownerOf(key));
    const records = this.#served.store.scan(prefix);
    const touches = this.#waiting.touching(key);
    const spent = new Set(
      touches.flatMap((touch) => touch.spent.map(({ point }) => nameOf(point))),
    );
    const coins: CoinJson[] = touches
      .flatMap((touch) => touch.funded)
      .filter(({ point }) => !spent.has(nameOf(point)))
      .map(({ point, output }) => coinJson(point, output.value, unconfirmed));
    for await (const [recordKey] of records) {
      const point = parsePointDigits(recordKey.slice(prefix.length));
      const coin = this.#served.node.chain.coinAt(point);
      if (coin === undefined || spent.has(nameOf(point))) continue;
      if (coins.length >= coinsMax) throw new PlainError(400, tooManyCoins);
      coins.push(coinJson(point, coin.output.value, this.#ledger.statusAt(coin.height)));
    }
    return coins;
  }

  /** Reads again if the tip moved meanwhile, so that an answer belongs to one tip. */
  async #onOneTip<T>(read: () => Promise<T>): Promise<T> {
    const { chain } = this.#served.node;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const { tip } = chain;
      const answer = await read();
      if (chain.tip === tip) return answer;
    }
    throw new PlainError(503, "The tip moves faster than this can be read: try again");
  }
}

const tooManyCoins = `Too many unspent transaction outputs (>${coinsMax})`;
const nameOf = outPointName;

function coinJson(
  { txid, index }: { readonly txid: Txid; readonly index: number },
  value: CoinJson["value"],
  status: CoinJson["status"],
): CoinJson {
  return { txid, vout: index, status, value };
}
