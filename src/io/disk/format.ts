/**
 * The format of a data folder: which records its store has, and how they are laid out.
 *
 * 1 has no number. 2 keeps long records in pieces, measures of bodies beside headers, and one index
 * by the hashes of scripts.
 */

import {
  chainKey,
  type ChainRecord,
  decodeChainRecord,
  encodeChainRecord,
} from "../../chain/records.ts";
import type { Key, Store, Write } from "../../machine/store.ts";
import type { BlockHash } from "../../primitives/brand.ts";
import { zeroHash } from "../../primitives/hash.ts";

export const formatNumber = 2;

/** The folder was written by a program that knows more formats than this one. */
export class NewerFormatError extends Error {
  constructor(folder: string, found: number) {
    super(
      `The folder ${folder} has format ${found}, which a newer powlab wrote; this one knows ` +
        `formats up to ${formatNumber}. Start the newer one, or choose another folder with --data.`,
    );
    this.name = "NewerFormatError";
  }
}

/**
 * In format 1 this was the record of the chain. A program of that time reads the number as a chain
 * that begins with block 0000…, and refuses it with a sentence as that of another network.
 */
const formatKey: Key = "chain";

/** Undefined for a new store. */
export function formatOf(store: Pick<Store, "get">): number | undefined {
  const record = store.get(formatKey);
  if (record === undefined) return undefined;
  const { genesis, headers } = decodeChainRecord(record);
  return genesis === zeroHash ? headers : 1;
}

/** @param number the tests of a later format may write another one. */
export function formatWrite(number = formatNumber): Write {
  const nothing = zeroHash as BlockHash;
  const value = encodeChainRecord({ genesis: nothing, tip: nothing, headers: number });
  return { type: "put", key: formatKey, value };
}

/** The record of the chain in a store of format 1. */
export function formerChainOf(store: Pick<Store, "get">): ChainRecord {
  const record = store.get(formatKey);
  if (record === undefined) throw new Error("a store of format 1 has the record of a chain");
  return decodeChainRecord(record);
}

/** Gives the store this format, with the record of the chain at its new place. */
export function renumberWrites(chain: ChainRecord): Write[] {
  return [formatWrite(), { type: "put", key: chainKey, value: encodeChainRecord(chain) }];
}
