/** What people ask by transaction, coin or address; it follows the tip in the same batch. */

import type { Coin } from "../consensus/coin.ts";
import type { Txid } from "../primitives/brand.ts";
import { hashBytes } from "../primitives/hash.ts";
import { taprootKey } from "../primitives/script.ts";
import { isCoinbase, txidOf, type OutPoint, type Transaction } from "../primitives/transaction.ts";
import type { BranchBlock } from "./change.ts";
import {
  decodeTotals,
  encodePlace,
  encodeSpender,
  encodeTotals,
  historyKey,
  noTotals,
  ownedPrefix,
  ownerOf,
  pointDigits,
  spenderKey,
  totalsKey,
  transactionKey,
  type KeyTotals,
  type Owner,
} from "./records.ts";
import type { Key, Store, Write } from "../machine/store.ts";

const empty = new Uint8Array();

/** Gathers index writes while a branch is undone and another connected. */
export class IndexLayer {
  readonly #store: Store;
  readonly #writes = new Map<Key, Write>();
  readonly #totals = new Map<Owner, Mutable<KeyTotals>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param spent the block's undo record. */
  connect({ hash, height, block }: BranchBlock, spent: readonly Coin[]): void {
    for (const touch of touches(block.transactions, spent)) {
      const { transaction, txid, position } = touch;
      this.#put(transactionKey(txid), encodePlace({ block: hash, height, position }));
      for (const [input, { previous }] of spendings(transaction)) {
        this.#put(spenderKey(previous), encodeSpender({ txid, input }));
      }
      for (const { owner, point } of touch.taken) this.#delete(ownedKey(owner, point));
      for (const { owner, point } of touch.made) this.#put(ownedKey(owner, point), empty);
      const record = hashBytes(txid);
      for (const owner of touch.owners) this.#put(historyKey(owner, height, position), record);
      this.#count(touch, 1);
    }
  }

  /** @param spent the block's undo record. */
  disconnect({ height, block }: BranchBlock, spent: readonly Coin[]): void {
    for (const touch of touches(block.transactions, spent).reverse()) {
      const { transaction, txid, position } = touch;
      this.#delete(transactionKey(txid));
      for (const [, { previous }] of spendings(transaction)) this.#delete(spenderKey(previous));
      for (const { owner, point } of touch.taken) this.#put(ownedKey(owner, point), empty);
      for (const { owner, point } of touch.made) this.#delete(ownedKey(owner, point));
      for (const owner of touch.owners) this.#delete(historyKey(owner, height, position));
      this.#count(touch, -1);
    }
  }

  writes(): Write[] {
    for (const [owner, totals] of this.#totals) {
      if (totals.transactionCount > 0) this.#put(totalsKey(owner), encodeTotals(totals));
      else this.#delete(totalsKey(owner));
    }
    return [...this.#writes.values()];
  }

  #put(key: Key, value: Uint8Array): void {
    this.#writes.set(key, { type: "put", key, value });
  }

  #delete(key: Key): void {
    this.#writes.set(key, { type: "delete", key });
  }

  #count(touch: Touch, sign: 1 | -1): void {
    for (const { owner, value } of touch.made) {
      const totals = this.#totalsOf(owner);
      totals.fundedCount += sign;
      totals.fundedSum += sign * value;
    }
    for (const { owner, value } of touch.taken) {
      const totals = this.#totalsOf(owner);
      totals.spentCount += sign;
      totals.spentSum += sign * value;
    }
    for (const owner of touch.owners) this.#totalsOf(owner).transactionCount += sign;
  }

  #totalsOf(owner: Owner): Mutable<KeyTotals> {
    let totals = this.#totals.get(owner);
    if (totals === undefined) {
      const record = this.#store.get(totalsKey(owner));
      totals = record ? decodeTotals(record) : { ...noTotals };
      this.#totals.set(owner, totals);
    }
    return totals;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type OwnedCoin = { readonly owner: Owner; readonly point: OutPoint; readonly value: number };

/** What one transaction did to owners of coins. */
class Touch {
  readonly transaction: Transaction;
  readonly txid: Txid;
  readonly position: number;
  readonly made: readonly OwnedCoin[];
  readonly taken: readonly OwnedCoin[];
  /** Each once. */
  readonly owners: ReadonlySet<Owner>;

  constructor(transaction: Transaction, position: number, spent: readonly Coin[]) {
    this.transaction = transaction;
    this.txid = txidOf(transaction);
    this.position = position;
    this.made = transaction.outputs.flatMap(({ script, value }, index) => {
      const key = taprootKey(script);
      return key ? [{ owner: ownerOf(key), point: { txid: this.txid, index }, value }] : [];
    });
    this.taken = spent.flatMap(({ output }, i) => {
      const key = taprootKey(output.script);
      const input = transaction.inputs[i];
      if (key === undefined || input === undefined) return [];
      return [{ owner: ownerOf(key), point: input.previous, value: output.value }];
    });
    this.owners = new Set([...this.made, ...this.taken].map(({ owner }) => owner));
  }
}

function touches(transactions: readonly Transaction[], spent: readonly Coin[]): Touch[] {
  let used = 0;
  return transactions.map((transaction, position) => {
    const first = used;
    if (!isCoinbase(transaction)) used += transaction.inputs.length;
    return new Touch(transaction, position, spent.slice(first, used));
  });
}

function spendings(transaction: Transaction): Iterable<[number, { previous: OutPoint }]> {
  return isCoinbase(transaction) ? [] : transaction.inputs.entries();
}

function ownedKey(owner: Owner, point: OutPoint): Key {
  return ownedPrefix(owner) + pointDigits(point);
}
