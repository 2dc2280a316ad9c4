/** What happened to one taproot key: its coins and transactions, confirmed and waiting. */

import { pointDigits } from "../../chain/records.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import type { Node } from "../../node/node.ts";
import type { Txid } from "../../primitives/brand.ts";
import { type OutPoint, outPointName, type Output } from "../../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import type { IndexRecords, KeyTotals } from "./index-records.ts";
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

  totals(key: Uint8Array): { readonly confirmed: KeyTotals; readonly waiting: KeyTotals } {
    const touches = this.#waiting.touching(key);
    const funded = touches.flatMap((touch) => touch.funded).map(outputOf);
    const spent = touches.flatMap((touch) => touch.spent).map(outputOf);
    return {
      confirmed: this.#records.totalsOf(key),
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
    return this.#onOneTip(async () => valid(await this.#readPage(key, page)));
  }

  /** At most so many waiting ones, then a page of confirmed ones. */
  all(key: Uint8Array, waitingMax: number, page: HistoryPage): HistoryAnswer<FoundTransaction[]> {
    return this.#onOneTip(async () => {
      return valid([...this.waiting(key, waitingMax), ...(await this.#readPage(key, page))]);
    });
  }

  /** What the next transaction could spend: not what a waiting one spends. All of it, or nothing. */
  coins(key: Uint8Array, countMax: number): HistoryAnswer<OwnedCoin[]> {
    return this.#onOneTip(async () => {
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

  async #readPage(key: Uint8Array, { countMax, after }: HistoryPage): Promise<FoundTransaction[]> {
    const place = after && this.#transactions.placeOf(after);
    if (after !== undefined && place === undefined) return [];
    const page: FoundTransaction[] = [];
    for await (const txid of this.#records.historyOf(key, countMax, place)) {
      const found = this.#transactions.find(txid);
      if (found !== undefined) page.push(found);
    }
    return page;
  }

  /** All that wait, and at most so many confirmed ones. */
  async #readCoins(key: Uint8Array, { countMax, after }: CoinRange) {
    const points = this.#records.coinsOf(key, after);
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
    const { chain } = this.#node;
    const confirmed: OwnedCoin[] = [];
    for await (const point of points) {
      const coin = chain.coinAt(point);
      if (coin === undefined || spent.has(outPointName(point))) continue;
      const { output, height, isCoinbase } = coin;
      confirmed.push({ point, output, confirmedBy: chain.entryAt(height), isCoinbase });
      if (confirmed.length >= countMax) break;
    }
    return { waiting, confirmed };
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
