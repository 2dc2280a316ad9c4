/** Names and bytes of the records that the address index keeps. */

import { hexNumber, pointDigits } from "../chain/records.ts";
import type { Key } from "../machine/store.ts";
import type { Brand } from "../primitives/brand.ts";
import { ByteReader, bytesToHex, ByteWriter, parseHex } from "../primitives/bytes.ts";
import type { OutPoint } from "../primitives/transaction.ts";

/** The digits of a taproot key, by which records name whose they are. */
export type Owner = Brand<string, "Owner">;

export function ownerOf(key: Uint8Array): Owner {
  return bytesToHex(key) as Owner;
}

/** The coins of one owner: the keys end in `pointDigits`. */
export function ownedPrefix(owner: Owner): string {
  return `owned/${owner}/`;
}

/** One coin of an owner; the record is empty. */
export function ownedKey(owner: Owner, point: OutPoint): Key {
  return ownedPrefix(owner) + pointDigits(point);
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

/** Every owner whom the active branch touched has one record here. */
export const totalsPrefix = "totals/";

export function totalsKey(owner: Owner): Key {
  return totalsPrefix + owner;
}

/** The taproot key whose digits a record's key ends in. */
export function keyOfTotals(recordKey: Key): Uint8Array {
  return parseHex(recordKey.slice(totalsPrefix.length));
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
