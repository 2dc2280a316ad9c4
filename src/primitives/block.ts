/** A block: a header and the transactions it commits to. */

import type { BlockHash } from "./brand.ts";
import {
  type ByteReader,
  ByteWriter,
  compactSizeBytes,
  decodeWhole,
  type Malformed,
} from "./bytes.ts";
import { headerSizeBytes } from "./hashing.ts";
import { blockHash, encodeHeader, type Header, readHeader } from "./header.ts";
import {
  encodeTransaction,
  readTransactions,
  strippedSizeOf,
  totalSizeOf,
  type Transaction,
  transactionSizeMin,
} from "./transaction.ts";
import type { Verdict } from "./verdict.ts";

export type Block = { readonly header: Header; readonly transactions: readonly Transaction[] };

export function encodeBlock(block: Block): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(encodeHeader(block.header));
  writer.list(block.transactions, (transaction) => writer.bytes(encodeTransaction(transaction)));
  return writer.finish();
}

export function readBlock(reader: ByteReader): Block {
  const header = readHeader(reader);
  return { header, transactions: readTransactions(reader, reader.count(transactionSizeMin)) };
}

export function decodeBlock(bytes: Uint8Array): Verdict<Block, Malformed> {
  return decodeWhole(bytes, readBlock);
}

export function hashOfBlock(block: Block): BlockHash {
  return blockHash(block.header);
}

/** Bytes without witnesses. */
export function strippedSizeOfBlock(block: Block): number {
  return overhead(block) + sum(block.transactions, strippedSizeOf);
}

/** Bytes with witnesses: the length of `encodeBlock`. */
export function totalSizeOfBlock(block: Block): number {
  return overhead(block) + sum(block.transactions, totalSizeOf);
}

/** BIP141's weight of the whole block. */
export function weightOfBlock(block: Block): number {
  return strippedSizeOfBlock(block) * 3 + totalSizeOfBlock(block);
}

/** What describes a block without its transactions. */
export type BlockMeasures = {
  readonly transactionCount: number;
  /** With witnesses. */
  readonly sizeBytes: number;
  readonly weight: number;
};

export function measuresOfBlock(block: Block): BlockMeasures {
  return {
    transactionCount: block.transactions.length,
    sizeBytes: totalSizeOfBlock(block),
    weight: weightOfBlock(block),
  };
}

/** Where each transaction begins in `encodeBlock`, and where the last one ends. */
export function offsetsInBlock(block: Block): number[] {
  const offsets = [overhead(block)];
  let end = overhead(block);
  for (const transaction of block.transactions) offsets.push((end += totalSizeOf(transaction)));
  return offsets;
}

function overhead(block: Block): number {
  return headerSizeBytes + compactSizeBytes(block.transactions.length);
}

function sum<T>(items: readonly T[], measure: (item: T) => number): number {
  return items.reduce((total, item) => total + measure(item), 0);
}
