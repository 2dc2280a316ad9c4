/** Reads the indexes: the only file of io that knows the keys and bytes of their records. */

import { parsePointDigits } from "../../chain/records.ts";
import {
  decodeTotals,
  historyKey,
  historyPrefix,
  keyOfTotals,
  type KeyTotals,
  noTotals,
  ownedKey,
  ownedPrefix,
  ownerOf,
  totalsKey,
  totalsPrefix,
} from "../../indexes/address-records.ts";
import {
  decodePlace,
  decodeSpender,
  type Spender,
  spenderKey,
  transactionKey,
  type TransactionPlace,
} from "../../indexes/transaction-index.ts";
import type { Txid } from "../../primitives/brand.ts";
import { displayHash } from "../../primitives/hash.ts";
import type { OutPoint } from "../../primitives/transaction.ts";
import type { ServedNode } from "./served-node.ts";

export type { KeyTotals, Spender, TransactionPlace };

/** Keys are the x-only keys of taproot outputs. */
export class IndexRecords {
  readonly #store: ServedNode["store"];

  constructor(store: ServedNode["store"]) {
    this.#store = store;
  }

  /** Where a transaction stands on the active branch. */
  placeOf(txid: Txid): TransactionPlace | undefined {
    const record = this.#store.get(transactionKey(txid));
    return record && decodePlace(record);
  }

  /** Who spent an output on the active branch. */
  spenderOf(point: OutPoint): Spender | undefined {
    const record = this.#store.get(spenderKey(point));
    return record && decodeSpender(record);
  }

  totalsOf(key: Uint8Array): KeyTotals {
    const record = this.#store.get(totalsKey(ownerOf(key)));
    return record === undefined ? noTotals : decodeTotals(record);
  }

  /**
   * The keys that the active branch touched, as they are at the moment of the call, in the order of
   * their digits.
   *
   * @param digits what they begin with.
   */
  keys(digits = ""): AsyncIterable<Uint8Array> {
    return mapped(this.#store.scan(totalsPrefix + digits), ([recordKey]) => keyOfTotals(recordKey));
  }

  /**
   * The transactions that touched a key, the newest first, as they are at the moment of the call.
   *
   * @param after the place behind which to begin; at the newest if it is undefined.
   */
  historyOf(key: Uint8Array, countMax: number, after?: TransactionPlace): AsyncIterable<Txid> {
    const owner = ownerOf(key);
    const records = this.#store.scan(historyPrefix(owner), {
      reverse: true,
      limit: countMax,
      ...(after && { after: historyKey(owner, after.height, after.position) }),
    });
    return mapped(records, ([, txid]) => displayHash<Txid>(txid));
  }

  /**
   * The unspent outputs of a key, as they are at the moment of the call, in the order of their digits.
   *
   * @param after the output behind which to begin; at the first if it is undefined.
   */
  coinsOf(key: Uint8Array, after?: OutPoint): AsyncIterable<OutPoint> {
    const owner = ownerOf(key);
    const prefix = ownedPrefix(owner);
    const records = this.#store.scan(prefix, after && { after: ownedKey(owner, after) });
    return mapped(records, ([recordKey]) => parsePointDigits(recordKey.slice(prefix.length)));
  }
}

async function* mapped<From, To>(
  all: AsyncIterable<From>,
  map: (each: From) => To,
): AsyncGenerator<To> {
  for await (const each of all) yield map(each);
}
