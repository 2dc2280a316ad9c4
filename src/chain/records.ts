/** Names and bytes of the records in which a chain is kept; to decode damaged ones throws. */

import type { PlacedBlock } from "../consensus/block.ts";
import type { Coin } from "../consensus/coin.ts";
import type { Key } from "../machine/store.ts";
import { type BlockMeasures, decodeBlock, encodeBlock } from "../primitives/block.ts";
import type { BlockHash, Satoshi, Txid } from "../primitives/brand.ts";
import { ByteReader, bytesToHex, ByteWriter, compactSizeBytes } from "../primitives/bytes.ts";
import { encodeHeader, type Header, readHeader } from "../primitives/header.ts";
import type { OutPoint } from "../primitives/transaction.ts";

/** What the record `chain` says: which chain it is, where it ends, how many headers are kept. */
export type ChainRecord = {
  readonly genesis: BlockHash;
  readonly tip: BlockHash;
  /** Genesis is header 0, which has no record. */
  readonly headers: number;
};

export const chainKey: Key = "tip";

export function encodeChainRecord(record: ChainRecord): Uint8Array {
  const writer = new ByteWriter().hash(record.genesis).hash(record.tip);
  return writer.uint32(record.headers).finish();
}

export function decodeChainRecord(bytes: Uint8Array): ChainRecord {
  const reader = new ByteReader(bytes);
  const genesis = reader.hash<BlockHash>();
  return { genesis, tip: reader.hash<BlockHash>(), headers: reader.uint32() };
}

/** A header whose body was once judged; numbered in the order of arrival, so parents come first. */
export type HeaderRecord = {
  readonly header: Header;
  readonly hasBody: boolean;
  readonly isInvalid: boolean;
  /** Only beside `isInvalid`. */
  readonly isInvalidByCommand: boolean;
  /** Of the body that is kept. */
  readonly measures?: BlockMeasures | undefined;
};

const flags = { hasBody: 1, isInvalid: 2, isInvalidByCommand: 4, isMeasured: 128 } as const;

export function headerKey(position: number): Key {
  return `header/${hexNumber(position, 8)}`;
}

export function encodeHeaderRecord(record: HeaderRecord): Uint8Array {
  const { header, hasBody, isInvalid, isInvalidByCommand, measures } = record;
  const writer = new ByteWriter().bytes(encodeHeader(header));
  writer.uint8(
    (hasBody ? flags.hasBody : 0) |
      (isInvalid ? flags.isInvalid : 0) |
      (isInvalidByCommand ? flags.isInvalidByCommand : 0) |
      (measures ? flags.isMeasured : 0),
  );
  if (measures !== undefined) {
    writer.uint32(measures.transactionCount).uint32(measures.sizeBytes).uint32(measures.weight);
  }
  return writer.finish();
}

export function decodeHeaderRecord(bytes: Uint8Array): HeaderRecord {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  const marks = reader.uint8();
  const has = (flag: number): boolean => (marks & flag) !== 0;
  const record = {
    header,
    hasBody: has(flags.hasBody),
    isInvalid: has(flags.isInvalid),
    isInvalidByCommand: has(flags.isInvalidByCommand),
  };
  if (!has(flags.isMeasured)) return record;
  const transactionCount = reader.uint32();
  const measures = { transactionCount, sizeBytes: reader.uint32(), weight: reader.uint32() };
  return { ...record, measures };
}

/** The body of a block on any branch, in pieces. */
export function blockKey(hash: BlockHash): Key {
  return `block/${hash}`;
}

export const encodeBlockRecord: (block: PlacedBlock) => Uint8Array = encodeBlock;

/**
 * The evidence goes to disk with the block: only placed ones are stored, so what comes back is one.
 *
 * @throws Error if the bytes are not those of a block.
 */
export function decodeBlockRecord(bytes: Uint8Array): PlacedBlock {
  const block = decodeBlock(bytes);
  if (!block.ok) throw new Error(`a stored block does not decode: ${block.problem.reason}`);
  return block.value as PlacedBlock;
}

/** The coins that a block spent, in the order of its inputs: what undoing it must restore; in pieces. */
export function undoKey(hash: BlockHash): Key {
  return `undo/${hash}`;
}

export function encodeUndo(spent: readonly Coin[]): Uint8Array {
  const writer = new ByteWriter();
  return writer.list(spent, (coin) => writeCoin(writer, coin)).finish();
}

const coinSizeMin = 13;

export function decodeUndo(bytes: Uint8Array): Coin[] {
  const reader = new ByteReader(bytes);
  return reader.list(coinSizeMin, () => readCoin(reader));
}

/** The coins of a part of an undo record. */
export function decodeCoins(bytes: Uint8Array): Coin[] {
  const reader = new ByteReader(bytes);
  const coins: Coin[] = [];
  while (reader.remaining > 0) coins.push(readCoin(reader));
  return coins;
}

/** What stands before the coins of an undo record. */
export function undoCountSizeOf(coinCount: number): number {
  return compactSizeBytes(coinCount);
}

/** Height and origin (4 bytes), the value (8), the script with its length. */
export function coinSizeOf({ output: { script } }: Coin): number {
  return 12 + compactSizeBytes(script.length) + script.length;
}

export const coinPrefix = "coin/";

/** Coins are ordered by transaction id in hashing order, then by index, as the UTXO hash needs. */
export function coinKey(point: OutPoint): Key {
  return coinPrefix + pointDigits(point);
}

/**
 * The transaction id that was reversed last: the coins of one transaction are named in a row. Only
 * time tells this from reversing it anew.
 */
let reversedTxid = { txid: "", digits: "" };

/** 64 digits of the transaction id in hashing order and 8 of the index. */
export function pointDigits({ txid, index }: OutPoint): string {
  if (reversedTxid.txid !== txid) reversedTxid = { txid, digits: reverseDigits(txid) };
  return reversedTxid.digits + hexNumber(index, 8);
}

export function parsePointDigits(digits: string): OutPoint {
  const txid = reverseDigits(digits.slice(0, 64)) as Txid;
  return { txid, index: Number.parseInt(digits.slice(64), 16) };
}

/** The bytes of a coin are those that the UTXO hash takes, after the name of the coin. */
export function encodeCoin(coin: Coin): Uint8Array {
  const writer = new ByteWriter();
  writeCoin(writer, coin);
  return writer.finish();
}

export function decodeCoin(bytes: Uint8Array): Coin {
  return readCoin(new ByteReader(bytes));
}

function writeCoin(writer: ByteWriter, coin: Coin): void {
  writer.uint32(coin.height * 2 + (coin.isCoinbase ? 1 : 0));
  writer.uint64(coin.output.value).prefixed(coin.output.script);
}

function readCoin(reader: ByteReader): Coin {
  const heightAndOrigin = reader.uint32();
  const output = { value: reader.uint64() as Satoshi, script: reader.prefixed() };
  return { output, height: heightAndOrigin >>> 1, isCoinbase: (heightAndOrigin & 1) === 1 };
}

/** A number in hexadecimal digits, as many as make keys sort as their numbers do. */
export function hexNumber(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function reverseDigits(hash: string): string {
  return new ByteWriter().hash(hash).read(bytesToHex);
}
