/** Names and bytes of the records that tell what happened to each script. */

import { hexNumber } from "../chain/records.ts";
import type { Key } from "../machine/store.ts";
import type { Brand, Txid } from "../primitives/brand.ts";
import { ByteReader, bytesToHex, ByteWriter } from "../primitives/bytes.ts";
import { sha256 } from "../primitives/hash.ts";
import { type OutPoint, readOutPoint, writeOutPoint } from "../primitives/transaction.ts";

/** SHA-256 of a script in 64 hex digits, as Electrum and Esplora name scripts. */
export type ScriptHash = Brand<string, "ScriptHash">;

export function scriptHashOf(script: Uint8Array): ScriptHash {
  return bytesToHex(sha256(script)) as ScriptHash;
}

/** Sums over everything that the active branch did to one script; amounts in satoshis. */
export type ScriptTotals = {
  readonly fundedCount: number;
  readonly fundedSum: number;
  readonly spentCount: number;
  readonly spentSum: number;
  readonly transactionCount: number;
};

export const noTotals: ScriptTotals = {
  fundedCount: 0,
  fundedSum: 0,
  spentCount: 0,
  spentSum: 0,
  transactionCount: 0,
};

/** What one transaction of the active branch did to one script. */
export type HistoryEntry = {
  /** Of its block. */
  readonly height: number;
  /** In its block; the coinbase is at 0. */
  readonly position: number;
  readonly txid: Txid;
  /** Its outputs that pay to the script. */
  readonly funded: readonly FundedOutput[];
  /** Outputs that paid to the script, and that it spent. */
  readonly spent: readonly OutPoint[];
};

export type FundedOutput = { readonly index: number; readonly value: number };

/**
 * A script with the newest of its history. Entries are numbered from 0, the oldest first; as many
 * as `entriesOfPage` go together to a record of their own.
 */
export type ScriptRecord = {
  readonly totals: ScriptTotals;
  readonly script: Uint8Array;
  /** The entries that are on no page yet, one after the other, the oldest first. */
  readonly tail: Uint8Array;
};

/** A few kilobytes: what a popular script writes anew with each block. */
export const entriesOfPage = 64;

/** Every script that the active branch touched has one record here. */
export const scriptPrefix = "script/";

export function scriptKey(hash: ScriptHash): Key {
  return scriptPrefix + hash;
}

export function encodeScriptRecord({ totals, script, tail }: ScriptRecord): Uint8Array {
  const writer = new ByteWriter().compactSize(totals.fundedCount).compactSize(totals.fundedSum);
  writer.compactSize(totals.spentCount).compactSize(totals.spentSum);
  writer.compactSize(totals.transactionCount).prefixed(script).bytes(tail);
  return writer.finish();
}

export function decodeScriptRecord(bytes: Uint8Array): ScriptRecord {
  const reader = new ByteReader(bytes);
  const totals = {
    fundedCount: reader.compactSize(),
    fundedSum: reader.compactSize(),
    spentCount: reader.compactSize(),
    spentSum: reader.compactSize(),
    transactionCount: reader.compactSize(),
  };
  const script = reader.prefixed();
  return { totals, script, tail: reader.lend(reader.remaining) };
}

/** The full pages of one script, the oldest first. */
export function pagePrefix(hash: ScriptHash): string {
  return `history/${hash}/`;
}

export function pageKey(hash: ScriptHash, number: number): Key {
  return pagePrefix(hash) + hexNumber(number, 8);
}

export function encodeEntry({ height, position, txid, ...entry }: HistoryEntry): Uint8Array {
  const writer = new ByteWriter().compactSize(height).compactSize(position).hash(txid);
  writer.list(entry.funded, ({ index, value }) => writer.compactSize(index).compactSize(value));
  writer.list(entry.spent, (point) => writeOutPoint(writer, point));
  return writer.finish();
}

/** @param bytes of one entry after the other. */
export function decodeEntries(bytes: Uint8Array): HistoryEntry[] {
  const reader = new ByteReader(bytes);
  const entries: HistoryEntry[] = [];
  while (reader.remaining > 0) entries.push(readEntry(reader));
  return entries;
}

export function decodeEntry(bytes: Uint8Array): HistoryEntry {
  return readEntry(new ByteReader(bytes));
}

export function joinEntries(entries: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter();
  for (const entry of entries) writer.bytes(entry);
  return writer.finish();
}

/** The bytes of each entry. */
export function splitEntries(bytes: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(bytes);
  const entries: Uint8Array[] = [];
  while (reader.remaining > 0) {
    const start = reader.position;
    skipEntry(reader);
    entries.push(reader.passed(start, reader.position));
  }
  return entries;
}

const [fundedSizeMin, pointSizeBytes, hashSizeBytes] = [2, 36, 32];

function readEntry(reader: ByteReader): HistoryEntry {
  const [height, position] = [reader.compactSize(), reader.compactSize()];
  const txid = reader.hash<Txid>();
  const funded = reader.list(fundedSizeMin, () => {
    return { index: reader.compactSize(), value: reader.compactSize() };
  });
  const spent = reader.list(pointSizeBytes, () => readOutPoint(reader));
  return { height, position, txid, funded, spent };
}

function skipEntry(reader: ByteReader): void {
  reader.compactSize();
  reader.compactSize();
  reader.lend(hashSizeBytes);
  for (let left = 2 * reader.count(fundedSizeMin); left > 0; left--) reader.compactSize();
  reader.lend(pointSizeBytes * reader.count(pointSizeBytes));
}
