/** Names and bytes of the records that tell where transactions stand, and who spent their outputs. */

import type { Key } from "../machine/store.ts";
import type { BlockHash, Txid } from "../primitives/brand.ts";
import { ByteReader, ByteWriter } from "../primitives/bytes.ts";
import { digitsAt } from "../primitives/hash.ts";
import { currentHashing } from "../primitives/hashing.ts";

/** What is kept of each transaction of the active branch. */
export type TransactionRecord = {
  /** Of its block. */
  readonly height: number;
  /** In its block; the coinbase is at 0. */
  readonly position: number;
  /** Of its outputs, as the active branch spent them. */
  readonly spenders: readonly Spender[];
};

/** Which input of which transaction spent an output. */
export type Spender = {
  /** Which output. */
  readonly output: number;
  readonly txid: Txid;
  readonly input: number;
  readonly height: number;
};

export function transactionKey(txid: Txid): Key {
  return `transaction/${txid}`;
}

export function encodeTransactionRecord(record: TransactionRecord): Uint8Array {
  const writer = new ByteWriter().compactSize(record.height).compactSize(record.position);
  for (const { output, txid, input, height } of record.spenders) {
    writer.compactSize(output).hash(txid).compactSize(input).compactSize(height);
  }
  return writer.finish();
}

export function decodeTransactionRecord(bytes: Uint8Array): TransactionRecord {
  const reader = new ByteReader(bytes);
  const [height, position] = [reader.compactSize(), reader.compactSize()];
  const spenders: Spender[] = [];
  while (reader.remaining > 0) {
    const output = reader.compactSize();
    const txid = reader.hash<Txid>();
    spenders.push({ output, txid, input: reader.compactSize(), height: reader.compactSize() });
  }
  return { height, position, spenders };
}

// --- Layouts: a row for each transaction of a block, and one for the block's end ----------------

/** Where a transaction begins in the stored block, and its coins in the stored undo record. */
export type LayoutRow = {
  readonly txid: Txid;
  readonly offset: number;
  readonly undoOffset: number;
};

/** The id (32 bytes) and both offsets (4 each); the last row's id is zero. */
export const layoutRowSizeBytes = 40;

/** Of each block of the active branch; in pieces. */
export function layoutKey(hash: BlockHash): Key {
  return `layout/${hash}`;
}

export function encodeLayout(rows: readonly LayoutRow[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { txid, offset, undoOffset } of rows) {
    writer.hash(txid).uint32(offset).uint32(undoOffset);
  }
  return writer.finish();
}

/** @param bytes of whole rows. */
export function decodeLayout(bytes: Uint8Array): LayoutRow[] {
  const reader = new ByteReader(bytes);
  return Array.from({ length: bytes.length / layoutRowSizeBytes }, () => {
    const txid = reader.hash<Txid>();
    return { txid, offset: reader.uint32(), undoOffset: reader.uint32() };
  });
}

/** The ids alone, without that of the last row. */
export function txidsOfLayout(bytes: Uint8Array): Txid[] {
  const count = bytes.length / layoutRowSizeBytes - 1;
  const digits = currentHashing().showHashes({
    bytes,
    start: 0,
    stride: layoutRowSizeBytes,
    count,
  });
  return Array.from({ length: count }, (_, position) => digitsAt(digits, position) as Txid);
}
