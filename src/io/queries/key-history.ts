/** What happened to one taproot key: its coins and transactions, confirmed and waiting. */

import { pointDigits } from "../../chain/records.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import type { Node } from "../../node/node.ts";
import type { Satoshi, Txid } from "../../primitives/brand.ts";
import { payToTaproot } from "../../primitives/script.ts";
import { type OutPoint, outPointName, type Output } from "../../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import {
  type HistoryEntry,
  type IndexRecords,
  type ScriptHash,
  scriptHashOf,
  type ScriptTotals,
} from "./index-records.ts";
import {
  type ConfirmedBy,
  type FoundTransaction,
  type Transactions,
  valueOf,
} from "./transactions.ts";
import type { KeyOutput, WaitingByKey } from "./waiting-by-key.ts";

export type OwnedCoin = {
  readonly point: OutPoint;
  readonly output: Output;
  readonly confirmedBy: ConfirmedBy;
  readonly isCoinbase: boolean;
};

/** Which coins to read, in the order of their digits. */
export type CoinRange = {
  readonly countMax: number;
  /** The last one of the page before. */
  readonly after?: OutPoint;
};

export type CoinPage = {
  readonly tip: TreeEntry;
  readonly coins: readonly OwnedCoin[];
  readonly hasMore: boolean;
};

/** Which confirmed transactions to read, the newest first. */
export type HistoryPage = {
  readonly countMax: number;
  /** The last one of the page before; if it is unknown, nothing comes after it. */
  readonly after?: Txid;
};

/** Why a history cannot be given. */
export type HistoryProblem =
  | { readonly rule: "too-many-coins" }
  /** The tip moved during each of several attempts, and an answer belongs to one tip. */
  | { readonly rule: "tip-moves" };

/** The confirmed coins of one script, in the order of their digits. */
type CoinList = {
  readonly tip: TreeEntry;
  readonly script: ScriptHash;
  readonly coins: readonly OwnedCoin[];
};

type HistoryAnswer<T> = Promise<Verdict<T, HistoryProblem>>;

/**
 * Stands for the key of a script that is not pay-to-taproot, or that nothing touched: it has no
 * coins and no history, because no record and no output has an empty key.
 */
export const noKey = new Uint8Array(0);

const attemptsMax = 5;

export class KeyHistory {
  readonly #node: Node;
  readonly #records: IndexRecords;
  readonly #transactions: Transactions;
  readonly #waiting: WaitingByKey;
  /** Kept, because a wallet that reads a page of many asks for the next one soon. */
  #lastCoins: CoinList | undefined;

  constructor(
    node: Node,
    records: IndexRecords,
    transactions: Transactions,
    waiting: WaitingByKey,
  ) {
    this.#node = node;
    this.#records = records;
    this.#transactions = transactions;
    this.#waiting = waiting;
  }

  totals(key: Uint8Array): { readonly confirmed: ScriptTotals; readonly waiting: ScriptTotals } {
    const touches = this.#waiting.touching(key);
    const funded = touches.flatMap((touch) => touch.funded).map(outputOf);
    const spent = touches.flatMap((touch) => touch.spent).map(outputOf);
    return {
      confirmed: this.#records.totalsOf(scriptOf(key)),
      waiting: {
        fundedCount: funded.length,
        fundedSum: valueOf(funded),
        spentCount: spent.length,
        spentSum: valueOf(spent),
        transactionCount: touches.length,
      },
    };
  }

  /** The newest first. */
  waiting(key: Uint8Array, countMax: number): FoundTransaction[] {
    const touches = this.#waiting.touching(key).slice(0, countMax);
    return touches.map(({ entry }) => this.#transactions.findWaiting(entry));
  }

  confirmed(key: Uint8Array, page: HistoryPage): HistoryAnswer<FoundTransaction[]> {
    return Promise.resolve(valid(this.#readPage(key, page)));
  }

  /** At most so many waiting ones, then a page of confirmed ones. */
  all(key: Uint8Array, waitingMax: number, page: HistoryPage): HistoryAnswer<FoundTransaction[]> {
    return Promise.resolve(valid([...this.waiting(key, waitingMax), ...this.#readPage(key, page)]));
  }

  /** What the next transaction could spend: not what a waiting one spends. All of it, or nothing. */
  coins(key: Uint8Array, countMax: number): HistoryAnswer<OwnedCoin[]> {
    return this.#onOneTip(async () => {
      if (this.#leastCoinsOf(key) > countMax) return broken({ rule: "too-many-coins" });
      const { waiting, confirmed } = await this.#readCoins(key, { countMax: countMax + 1 });
      const coins = [...waiting, ...confirmed];
      return coins.length <= countMax ? valid(coins) : broken({ rule: "too-many-coins" });
    });
  }

  /** The same a page at a time, and without a limit to all of them. */
  coinPage(key: Uint8Array, { countMax, ...range }: CoinRange): HistoryAnswer<CoinPage> {
    return this.#onOneTip(async () => {
      const { tip } = this.#node.chain;
      const read = await this.#readCoins(key, { ...range, countMax: countMax + 1 });
      const coins = inOrder([...read.waiting, ...read.confirmed]);
      const hasMore = coins.length > countMax;
      return valid({ tip, coins: coins.slice(0, countMax), hasMore });
    });
  }

  #readPage(key: Uint8Array, { countMax, after }: HistoryPage): FoundTransaction[] {
    const place = after && this.#transactions.placeOf(after);
    if (after !== undefined && place === undefined) return [];
    return this.#records.historyOf(scriptOf(key), countMax, place).flatMap((entry) => {
      return this.#transactions.findAt(entry) ?? [];
    });
  }

  /** So many it has at least, whatever waits. */
  #leastCoinsOf(key: Uint8Array): number {
    const { confirmed, waiting } = this.totals(key);
    return confirmed.fundedCount - confirmed.spentCount - waiting.spentCount;
  }

  /** All that wait, and at most so many confirmed ones. */
  async #readCoins(key: Uint8Array, { countMax, after }: CoinRange) {
    const all = await this.#confirmedCoins(scriptOf(key));
    const touches = this.#waiting.touching(key);
    const spent = new Set(
      touches.flatMap((touch) => touch.spent.map(({ point }) => outPointName(point))),
    );
    const waiting = touches
      .flatMap((touch) => touch.funded)
      .filter(({ point }) => !spent.has(outPointName(point)) && isBehind(point, after))
      .map(({ point, output }) => {
        return { point, output, confirmedBy: undefined, isCoinbase: false };
      });
    const confirmed: OwnedCoin[] = [];
    for (let at = positionBehind(after, all); at < all.length; at++) {
      const coin = all[at] as OwnedCoin;
      if (spent.has(outPointName(coin.point))) continue;
      confirmed.push(coin);
      if (confirmed.length >= countMax) break;
    }
    return { waiting, confirmed };
  }

  async #confirmedCoins(script: ScriptHash): Promise<readonly OwnedCoin[]> {
    const { tip } = this.#node.chain;
    const known = this.#lastCoins;
    if (known?.tip === tip && known.script === script) return known.coins;
    const coins = inOrder(await this.#collectCoins(script));
    this.#lastCoins = { tip, script, coins };
    return coins;
  }

  /** From the newest on, until there are as many as the sums say. */
  async #collectCoins(script: ScriptHash): Promise<OwnedCoin[]> {
    const { fundedCount, spentCount } = this.#records.totalsOf(script);
    const bytes = this.#records.scriptOf(script);
    const coins: OwnedCoin[] = [];
    if (bytes === undefined || fundedCount === spentCount) return coins;
    const spent = new Set<string>();
    for await (const entry of this.#records.wholeHistoryOf(script)) {
      for (const point of entry.spent) spent.add(outPointName(point));
      for (const coin of this.#coinsMadeBy(entry, bytes)) {
        if (!spent.delete(outPointName(coin.point))) coins.push(coin);
      }
      if (coins.length === fundedCount - spentCount) break;
    }
    return coins;
  }

  #coinsMadeBy({ txid, height, position, funded }: HistoryEntry, script: Uint8Array): OwnedCoin[] {
    const confirmedBy = this.#node.chain.entryAt(height);
    return funded.map(({ index, value }) => ({
      point: { txid, index },
      output: { value: value as Satoshi, script },
      confirmedBy,
      isCoinbase: position === 0,
    }));
  }

  /** Reads again if the tip moved meanwhile, so that an answer belongs to one tip. */
  async #onOneTip<T>(read: () => HistoryAnswer<T>): HistoryAnswer<T> {
    const { chain } = this.#node;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const { tip } = chain;
      const answer = await read();
      if (chain.tip === tip) return answer;
    }
    return broken({ rule: "tip-moves" });
  }
}

/** In place of `noKey` the empty script, which has no records. */
function scriptOf(key: Uint8Array): ScriptHash {
  return scriptHashOf(key.length === 0 ? key : payToTaproot(key));
}

/** Where the first coin behind `after` stands. */
function positionBehind(after: OutPoint | undefined, coins: readonly OwnedCoin[]): number {
  let [low, high] = [0, coins.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBehind((coins[middle] as OwnedCoin).point, after)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isBehind(point: OutPoint, after: OutPoint | undefined): boolean {
  return after === undefined || pointDigits(point) > pointDigits(after);
}

function inOrder(coins: readonly OwnedCoin[]): OwnedCoin[] {
  const named = coins.map((coin) => ({ coin, digits: pointDigits(coin.point) }));
  named.sort((a, b) => (a.digits < b.digits ? -1 : 1));
  return named.map(({ coin }) => coin);
}

function outputOf({ output }: KeyOutput): Output {
  return output;
}
