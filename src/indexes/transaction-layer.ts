/** One record for each transaction, with its place and its spenders; the layouts of blocks. */

import type { BranchBlock } from "../chain/change.ts";
import { deletePieces, putInPieces } from "../chain/pieces.ts";
import { coinSizeOf, undoCountSizeOf } from "../chain/records.ts";
import type { Key, Store, Write } from "../machine/store.ts";
import { offsetsInBlock } from "../primitives/block.ts";
import type { Txid } from "../primitives/brand.ts";
import { zeroHash } from "../primitives/hash.ts";
import type { ConnectedTransaction } from "./connected.ts";
import { GatheredWrites } from "./gathered-writes.ts";
import {
  decodeTransactionRecord,
  encodeLayout,
  encodeTransactionRecord,
  layoutKey,
  type LayoutRow,
  layoutRowSizeBytes,
  type Spender,
  transactionKey,
  type TransactionRecord,
} from "./transaction-records.ts";

type Draft = Omit<TransactionRecord, "spenders"> & { spenders: Spender[] };

/** What one move of the tip does to the records of transactions. */
export class TransactionLayer {
  readonly #store: Store;
  readonly #layouts = new GatheredWrites();
  /** As they will be; undefined for those that go. */
  readonly #drafts = new Map<Txid, Draft | undefined>();

  constructor(store: Store) {
    this.#store = store;
  }

  connect(place: BranchBlock, transactions: readonly ConnectedTransaction[]): void {
    const { hash, height } = place;
    for (const { txid, position, spent } of transactions) {
      this.#drafts.set(txid, { height, position, spenders: [] });
      for (const [input, { point }] of spent.entries()) {
        this.#draftOf(point.txid).spenders.push({ output: point.index, txid, input, height });
      }
    }
    this.#layouts.add(putInPieces(layoutKey(hash), encodeLayout(layoutOf(place, transactions))));
  }

  /** @param transactions the last one first. */
  disconnect({ hash }: BranchBlock, transactions: readonly ConnectedTransaction[]): void {
    for (const { txid, spent } of transactions) {
      this.#drafts.set(txid, undefined);
      for (const { point } of spent) {
        const draft = this.#draftOf(point.txid);
        draft.spenders = draft.spenders.filter(({ output }) => output !== point.index);
      }
    }
    this.#layouts.add(
      deletePieces(layoutKey(hash), (transactions.length + 1) * layoutRowSizeBytes),
    );
  }

  writes(): Write[] {
    const writes = Array.from(this.#drafts, ([txid, draft]): Write => {
      const key: Key = transactionKey(txid);
      if (draft === undefined) return { type: "delete", key };
      return { type: "put", key, value: encodeTransactionRecord(draft) };
    });
    return [...writes, ...this.#layouts.list()];
  }

  #draftOf(txid: Txid): Draft {
    let draft = this.#drafts.get(txid);
    if (draft === undefined) {
      const record = this.#store.get(transactionKey(txid));
      if (record === undefined) throw new Error(`the record of transaction ${txid} is missing`);
      draft = decodeTransactionRecord(record) as Draft;
      this.#drafts.set(txid, draft);
    }
    return draft;
  }
}

function layoutOf(
  { block }: BranchBlock,
  transactions: readonly ConnectedTransaction[],
): LayoutRow[] {
  const offsets = offsetsInBlock(block);
  const coinCount = transactions.reduce((count, { spent }) => count + spent.length, 0);
  let undoOffset = undoCountSizeOf(coinCount);
  const rows = transactions.map(({ txid, spent }, position): LayoutRow => {
    const row = { txid, offset: offsets[position] as number, undoOffset };
    for (const { coin } of spent) undoOffset += coinSizeOf(coin);
    return row;
  });
  return [...rows, { txid: zeroHash as Txid, offset: offsets.at(-1) as number, undoOffset }];
}
