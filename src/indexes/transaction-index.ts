/** Where each transaction of the active branch stands, and which one spent a coin. */

import type { BranchBlock } from "../chain/change.ts";
import type { BranchCompanion, CompanionLayer } from "../chain/companion.ts";
import { pointDigits } from "../chain/records.ts";
import type { Coin } from "../consensus/coin.ts";
import type { Key, Write } from "../machine/store.ts";
import type { BlockHash, Txid } from "../primitives/brand.ts";
import { ByteReader, ByteWriter } from "../primitives/bytes.ts";
import type { OutPoint } from "../primitives/transaction.ts";
import { connectedTransactions } from "./connected.ts";
import { GatheredWrites } from "./gathered-writes.ts";

/** Keeps the records `transaction/…` and `spender/…`. */
export const transactionIndex: BranchCompanion = { follow: () => new TransactionLayer() };

/** Where a transaction stands on the active branch. */
export type TransactionPlace = {
  readonly block: BlockHash;
  readonly height: number;
  readonly position: number;
};

export function transactionKey(txid: Txid): Key {
  return `transaction/${txid}`;
}

export function encodePlace(place: TransactionPlace): Uint8Array {
  const writer = new ByteWriter().hash(place.block);
  return writer.uint32(place.height).uint32(place.position).finish();
}

export function decodePlace(bytes: Uint8Array): TransactionPlace {
  const reader = new ByteReader(bytes);
  const block = reader.hash<BlockHash>();
  return { block, height: reader.uint32(), position: reader.uint32() };
}

/** Which input of which transaction on the active branch spent a coin. */
export type Spender = { readonly txid: Txid; readonly input: number };

export function spenderKey(point: OutPoint): Key {
  return `spender/${pointDigits(point)}`;
}

export function encodeSpender(spender: Spender): Uint8Array {
  return new ByteWriter().hash(spender.txid).uint32(spender.input).finish();
}

export function decodeSpender(bytes: Uint8Array): Spender {
  const reader = new ByteReader(bytes);
  return { txid: reader.hash<Txid>(), input: reader.uint32() };
}

class TransactionLayer implements CompanionLayer {
  readonly #writes = new GatheredWrites();

  connect(place: BranchBlock, spent: readonly Coin[]): void {
    const { hash, height } = place;
    for (const transaction of connectedTransactions(place, spent)) {
      const { txid, position } = transaction;
      this.#writes.put(transactionKey(txid), encodePlace({ block: hash, height, position }));
      for (const [input, { point }] of transaction.spent.entries()) {
        this.#writes.put(spenderKey(point), encodeSpender({ txid, input }));
      }
    }
  }

  disconnect(place: BranchBlock, spent: readonly Coin[]): void {
    for (const transaction of connectedTransactions(place, spent)) {
      this.#writes.delete(transactionKey(transaction.txid));
      for (const { point } of transaction.spent) this.#writes.delete(spenderKey(point));
    }
  }

  writes(): readonly Write[] {
    return this.#writes.list();
  }
}
