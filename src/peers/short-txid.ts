/**
 * The first eight bytes of a txid as it is displayed: enough to say what one has. Two payments with
 * the same ones take 2^32 hashes to make, and hinder only each other: one is not asked for.
 */

import type { Brand, Txid } from "../primitives/brand.ts";
import type { ByteReader, ByteWriter } from "../primitives/bytes.ts";
import { limits } from "./limits.ts";

export type ShortTxid = Brand<string, "ShortTxid">;

export const shortTxidSizeBytes = 8;
const digitsOfHalf = shortTxidSizeBytes;

export function shortTxidOf(txid: Txid): ShortTxid {
  return txid.slice(0, 2 * digitsOfHalf) as ShortTxid;
}

/** At most as many as a request may have. */
export function shortTxidsOf(waiting: Iterable<{ readonly txid: Txid }>): readonly ShortTxid[] {
  const ids: ShortTxid[] = [];
  for (const { txid } of waiting) {
    if (ids.length === limits.knownTxidsMax) break;
    ids.push(shortTxidOf(txid));
  }
  return ids;
}

export function writeShortTxid(writer: ByteWriter, id: ShortTxid): void {
  writer.uint32(Number.parseInt(id.slice(0, digitsOfHalf), 16));
  writer.uint32(Number.parseInt(id.slice(digitsOfHalf), 16));
}

export function readShortTxid(reader: ByteReader): ShortTxid {
  const [first, second] = [reader.uint32(), reader.uint32()];
  const digits = (half: number) => half.toString(16).padStart(digitsOfHalf, "0");
  return `${digits(first)}${digits(second)}` as ShortTxid;
}
