/** What people ask by transaction, coin or address; it follows the tip in the same batch. */

import type { Coin } from "../consensus/coin.ts";
import type { Txid } from "../primitives/brand.ts";
import { bytesToHex } from "../primitives/bytes.ts";
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
  pointDigits,
  spenderKey,
  totalsKey,
  transactionKey,
  type KeyTotals,
} from "./records.ts";
import type { Key, Store, Write } from "./store.ts";

const empty = new Uint8Array();

/** Gathers index writes while a branch is undone and another connected. */
export class IndexLayer {
  readonly #store: Store;
  readonly #writes = new Map<Key, Write>();
  readonly #totals = new Map<string, { readonly key: Uint8Array; totals: KeyTotals }>();

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
      for (const { key, point } of touch.taken) this.#delete(ownedKey(key, point));
      for (const { key, point } of touch.made) this.#put(ownedKey(key, point), empty);
      for (const key of touch.keys()) this.#put(historyKey(key, height, position), hashBytes(txid));
      this.#count(touch, 1);
    }
  }

  /** @param spent the block's undo record. */
  disconnect({ height, block }: BranchBlock, spent: readonly Coin[]): void {
    for (const touch of touches(block.transactions, spent).reverse()) {
      const { transaction, txid, position } = touch;
      this.#delete(transactionKey(txid));
      for (const [, { previous }] of spendings(transaction)) this.#delete(spenderKey(previous));
      for (const { key, point } of touch.taken) this.#put(ownedKey(key, point), empty);
      for (const { key, point } of touch.made) this.#delete(ownedKey(key, point));
      for (const key of touch.keys()) this.#delete(historyKey(key, height, position));
      this.#count(touch, -1);
    }
  }

  writes(): Write[] {
    for (const { key, totals } of this.#totals.values()) {
      if (totals.transactionCount > 0) this.#put(totalsKey(key), encodeTotals(totals));
      else this.#delete(totalsKey(key));
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
    for (const { key, value } of touch.made) {
      this.#add(key, { ...noTotals, fundedCount: sign, fundedSum: sign * value });
    }
    for (const { key, value } of touch.taken) {
      this.#add(key, { ...noTotals, spentCount: sign, spentSum: sign * value });
    }
    for (const key of touch.keys()) this.#add(key, { ...noTotals, transactionCount: sign });
  }

  #add(key: Uint8Array, more: KeyTotals): void {
    const name = bytesToHex(key);
    const known = this.#totals.get(name);
    const record = known ? undefined : this.#store.get(totalsKey(key));
    const before = known?.totals ?? (record ? decodeTotals(record) : noTotals);
    this.#totals.set(name, {
      key,
      totals: {
        fundedCount: before.fundedCount + more.fundedCount,
        fundedSum: before.fundedSum + more.fundedSum,
        spentCount: before.spentCount + more.spentCount,
        spentSum: before.spentSum + more.spentSum,
        transactionCount: before.transactionCount + more.transactionCount,
      },
    });
  }
}

type KeyCoin = { readonly key: Uint8Array; readonly point: OutPoint; readonly value: number };

/** What one transaction did to taproot keys. */
class Touch {
  readonly transaction: Transaction;
  readonly txid: Txid;
  readonly position: number;
  readonly made: readonly KeyCoin[];
  readonly taken: readonly KeyCoin[];

  constructor(transaction: Transaction, position: number, spent: readonly Coin[]) {
    this.transaction = transaction;
    this.txid = txidOf(transaction);
    this.position = position;
    this.made = transaction.outputs.flatMap(({ script, value }, index) => {
      const key = taprootKey(script);
      return key ? [{ key, point: { txid: this.txid, index }, value }] : [];
    });
    this.taken = spent.flatMap(({ output }, i) => {
      const key = taprootKey(output.script);
      const input = transaction.inputs[i];
      return key && input ? [{ key, point: input.previous, value: output.value }] : [];
    });
  }

  /** Each key once. */
  keys(): Iterable<Uint8Array> {
    const all = [...this.made, ...this.taken];
    return new Map(all.map(({ key }) => [bytesToHex(key), key])).values();
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

function ownedKey(key: Uint8Array, point: OutPoint): Key {
  return ownedPrefix(key) + pointDigits(point);
}
