/** Reads the index: the only file of io that knows the keys and bytes of its records. */

import { getPart, getWhole } from "../../chain/pieces.ts";
import { type IndexState, readIndexState } from "../../indexes/index-state.ts";
import {
  decodeEntries,
  decodeEntry,
  decodeScriptRecord,
  entriesOfPage,
  type HistoryEntry,
  noTotals,
  pageKey,
  pagePrefix,
  type ScriptHash,
  scriptHashOf,
  scriptKey,
  scriptPrefix,
  type ScriptRecord,
  type ScriptTotals,
  splitEntries,
} from "../../indexes/script-records.ts";
import {
  decodeLayout,
  decodeTransactionRecord,
  layoutKey,
  type LayoutRow,
  layoutRowSizeBytes,
  type Spender,
  transactionKey,
  txidsOfLayout,
} from "../../indexes/transaction-records.ts";
import type { BlockHash, Txid } from "../../primitives/brand.ts";
import type { OutPoint } from "../../primitives/transaction.ts";
import type { ServedNode } from "./served-node.ts";

export { type HistoryEntry, type IndexState, type LayoutRow, scriptHashOf, type Spender };
export type { ScriptHash, ScriptTotals };

/** Where a transaction stands on the branch that is in the index. */
export type IndexedPlace = { readonly height: number; readonly position: number };

export class IndexRecords {
  readonly #store: ServedNode["store"];

  constructor(store: ServedNode["store"]) {
    this.#store = store;
  }

  /** How far the index is; undefined before the first block after genesis. */
  get state(): IndexState | undefined {
    return readIndexState(this.#store);
  }

  placeOf(txid: Txid): IndexedPlace | undefined {
    const record = this.#store.get(transactionKey(txid));
    return record && decodeTransactionRecord(record);
  }

  /** Who spent an output on the active branch. */
  spenderOf({ txid, index }: OutPoint): Spender | undefined {
    return this.spendersOf(txid).find(({ output }) => output === index);
  }

  /** Who spent outputs of a transaction on the active branch. */
  spendersOf(txid: Txid): readonly Spender[] {
    const record = this.#store.get(transactionKey(txid));
    return record === undefined ? [] : decodeTransactionRecord(record).spenders;
  }

  /** The ids of a block's transactions; undefined if the block is not in the index. */
  txidsIn(block: BlockHash): Txid[] | undefined {
    const layout = getWhole(this.#store, layoutKey(block));
    return layout && txidsOfLayout(layout);
  }

  /**
   * Where so many transactions of a block stand in the stored bytes, and a row more for where the
   * last of them ends; undefined if the block is not in the index.
   *
   * @param first there must be so many from it on.
   */
  layoutOf(block: BlockHash, first: number, count: number): LayoutRow[] | undefined {
    const [start, lengthBytes] = [first * layoutRowSizeBytes, (count + 1) * layoutRowSizeBytes];
    const part = getPart(this.#store, layoutKey(block), start, lengthBytes);
    return part && decodeLayout(part);
  }

  totalsOf(script: ScriptHash): ScriptTotals {
    return this.#recordOf(script)?.totals ?? noTotals;
  }

  /** The script with this hash, if the active branch touched it. */
  scriptOf(hash: ScriptHash): Uint8Array | undefined {
    return this.#recordOf(hash)?.script;
  }

  /** All scripts that the active branch touched, as they are at the moment of the call. */
  scripts(): AsyncIterable<Uint8Array> {
    return mapped(
      this.#store.scan(scriptPrefix),
      ([, record]) => decodeScriptRecord(record).script,
    );
  }

  /**
   * What touched a script, the newest first.
   *
   * @param before the place before which to begin; the newest if it is undefined.
   */
  historyOf(script: ScriptHash, countMax: number, before?: IndexedPlace): HistoryEntry[] {
    const record = this.#recordOf(script);
    if (record === undefined) return [];
    const reader = new HistoryReader(record, (number) => this.#pageOf(script, number));
    const end = before === undefined ? reader.count : reader.countBefore(before);
    const found: HistoryEntry[] = [];
    for (let at = end - 1; at >= 0 && found.length < countMax; at--) found.push(reader.entryAt(at));
    return found;
  }

  /** All that touched a script, the newest first, as it is at the moment of the call. */
  async *wholeHistoryOf(script: ScriptHash): AsyncGenerator<HistoryEntry> {
    const record = this.#recordOf(script);
    if (record === undefined) return;
    const isPaged = record.totals.transactionCount >= entriesOfPage;
    const pages = isPaged ? this.#store.scan(pagePrefix(script), { reverse: true }) : [];
    yield* decodeEntries(record.tail).reverse();
    for await (const [, page] of pages) yield* decodeEntries(page).reverse();
  }

  #recordOf(script: ScriptHash): ScriptRecord | undefined {
    const record = this.#store.get(scriptKey(script));
    return record && decodeScriptRecord(record);
  }

  #pageOf(script: ScriptHash, number: number): Uint8Array {
    const key = pageKey(script, number);
    const page = this.#store.get(key);
    if (page === undefined) throw new Error(`the record ${key} is missing`);
    return page;
  }
}

/** Entries by their numbers; keeps the page that it read last. */
class HistoryReader {
  readonly count: number;
  readonly #tail: readonly Uint8Array[];
  readonly #readPage: (number: number) => Uint8Array;
  readonly #pageCount: number;
  #page: { readonly number: number; readonly entries: readonly Uint8Array[] } | undefined;

  constructor({ totals, tail }: ScriptRecord, readPage: (number: number) => Uint8Array) {
    this.count = totals.transactionCount;
    this.#tail = splitEntries(tail);
    this.#readPage = readPage;
    this.#pageCount = Math.floor(this.count / entriesOfPage);
  }

  entryAt(at: number): HistoryEntry {
    const bytes = this.#entriesOf(Math.floor(at / entriesOfPage))[at % entriesOfPage];
    if (bytes === undefined) throw new RangeError(`there is no entry ${at} in this history`);
    return decodeEntry(bytes);
  }

  /** How many stand before a place, halving the part that is searched. */
  countBefore(place: IndexedPlace): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.entryAt(middle), place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #entriesOf(number: number): readonly Uint8Array[] {
    if (number === this.#pageCount) return this.#tail;
    if (this.#page?.number !== number) {
      this.#page = { number, entries: splitEntries(this.#readPage(number)) };
    }
    return this.#page.entries;
  }
}

function isBefore(entry: IndexedPlace, place: IndexedPlace): boolean {
  return (entry.height - place.height || entry.position - place.position) < 0;
}

async function* mapped<From, To>(
  all: AsyncIterable<From>,
  map: (each: From) => To,
): AsyncGenerator<To> {
  for await (const each of all) yield map(each);
}
