/** Names and bytes of the records in which a chain is kept. */

import { decodeBlock, encodeBlock, type Block } from "../primitives/block.ts";
import type { BlockHash, Brand, Satoshi, Txid } from "../primitives/brand.ts";
import { ByteReader, ByteWriter, bytesToHex } from "../primitives/bytes.ts";
import type { Coin } from "../consensus/coin.ts";
import { encodeHeader, readHeader, type Header } from "../primitives/header.ts";
import type { OutPoint } from "../primitives/transaction.ts";
import type { Key } from "../machine/store.ts";

/** What the record `chain` says: which chain it is, where it ends, how many headers are kept. */
export type ChainRecord = {
  readonly genesis: BlockHash;
  readonly tip: BlockHash;
  /** Genesis is header 0, which has no record. */
  readonly headers: number;
};

export const chainKey: Key = "chain";

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
};

export function headerKey(position: number): Key {
  return `header/${hexNumber(position, 8)}`;
}

export function encodeHeaderRecord(record: HeaderRecord): Uint8Array {
  const flags = (record.hasBody ? 1 : 0) | (record.isInvalid ? 2 : 0);
  return new ByteWriter().bytes(encodeHeader(record.header)).uint8(flags).finish();
}

export function decodeHeaderRecord(bytes: Uint8Array): HeaderRecord {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  const flags = reader.uint8();
  return { header, hasBody: (flags & 1) !== 0, isInvalid: (flags & 2) !== 0 };
}

export function blockKey(hash: BlockHash): Key {
  return `block/${hash}`;
}

export const encodeBlockRecord: (block: Block) => Uint8Array = encodeBlock;

export function decodeBlockRecord(bytes: Uint8Array): Block {
  const block = decodeBlock(bytes);
  if (!block.ok) throw new Error(`a stored block does not decode: ${block.problem.reason}`);
  return block.value;
}

/** The coins that a block spent, in the order of its inputs: what undoing it must restore. */
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

export const coinPrefix = "coin/";

/** Coins are ordered by transaction id in hashing order, then by index, as the UTXO hash needs. */
export function coinKey(point: OutPoint): Key {
  return coinPrefix + pointDigits(point);
}

/** The transaction id that was reversed last: the coins of one transaction are named in a row. */
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

/** The digits of a taproot key, by which records name whose they are. */
export type Owner = Brand<string, "Owner">;

export function ownerOf(key: Uint8Array): Owner {
  return bytesToHex(key) as Owner;
}

/** The coins of one owner; the record is empty, the key ends in `pointDigits`. */
export function ownedPrefix(owner: Owner): string {
  return `owned/${owner}/`;
}

/** The transactions that touched one owner's coins, oldest first; the record is the txid. */
export function historyPrefix(owner: Owner): string {
  return `history/${owner}/`;
}

export function historyKey(owner: Owner, height: number, position: number): Key {
  return historyPrefix(owner) + hexNumber(height, 8) + hexNumber(position, 8);
}

/** Sums over everything that the active branch did to one owner; amounts in satoshis. */
export type KeyTotals = {
  readonly fundedCount: number;
  readonly fundedSum: number;
  readonly spentCount: number;
  readonly spentSum: number;
  readonly transactionCount: number;
};

export const noTotals: KeyTotals = {
  fundedCount: 0,
  fundedSum: 0,
  spentCount: 0,
  spentSum: 0,
  transactionCount: 0,
};

export function totalsKey(owner: Owner): Key {
  return `totals/${owner}`;
}

export function encodeTotals(totals: KeyTotals): Uint8Array {
  const writer = new ByteWriter().uint64(totals.fundedCount).uint64(totals.fundedSum);
  writer.uint64(totals.spentCount).uint64(totals.spentSum);
  return writer.uint64(totals.transactionCount).finish();
}

export function decodeTotals(bytes: Uint8Array): KeyTotals {
  const reader = new ByteReader(bytes);
  return {
    fundedCount: reader.uint64(),
    fundedSum: reader.uint64(),
    spentCount: reader.uint64(),
    spentSum: reader.uint64(),
    transactionCount: reader.uint64(),
  };
}

function hexNumber(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function reverseDigits(hash: string): string {
  return new ByteWriter().hash(hash).read(bytesToHex);
}
