/** Long records as pieces of one size, so that a part of one can be read without the rest. */

import type { Key, Store, Write } from "../machine/store.ts";
import { ByteWriter } from "../primitives/bytes.ts";
import { hexNumber } from "./records.ts";

/**
 * A few dozen payments: larger pieces make one transaction cost more to find, smaller ones make
 * more records of a block.
 */
export const pieceSizeBytes = 16_384;

type Records = Pick<Store, "get">;

/** The first piece has the record's own key: whether there is a record is asked as of any other. */
function pieceKey(key: Key, position: number): Key {
  return position === 0 ? key : `${key}/${hexNumber(position, 4)}`;
}

export function putInPieces(key: Key, value: Uint8Array): Write[] {
  const count = Math.max(1, Math.ceil(value.length / pieceSizeBytes));
  return Array.from({ length: count }, (_, position) => {
    const start = position * pieceSizeBytes;
    const piece = value.subarray(start, start + pieceSizeBytes);
    return { type: "put", key: pieceKey(key, position), value: piece };
  });
}

/** The deletes of a record that has so many bytes. */
export function deletePieces(key: Key, sizeBytes: number): Write[] {
  const count = Math.max(1, Math.ceil(sizeBytes / pieceSizeBytes));
  return Array.from({ length: count }, (_, position) => {
    return { type: "delete", key: pieceKey(key, position) };
  });
}

/** The whole value, or undefined if there is no such record. */
export function getWhole(records: Records, key: Key): Uint8Array | undefined {
  const first = records.get(key);
  if (first === undefined || first.length < pieceSizeBytes) return first;
  const writer = new ByteWriter().bytes(first);
  for (let position = 1; ; position++) {
    const piece = records.get(pieceKey(key, position));
    if (piece !== undefined) writer.bytes(piece);
    if (piece === undefined || piece.length < pieceSizeBytes) return writer.finish();
  }
}

/**
 * Some bytes of the value, or undefined if there is no such record.
 *
 * @throws RangeError if the value ends before them.
 */
export function getPart(
  records: Records,
  key: Key,
  start: number,
  lengthBytes: number,
): Uint8Array | undefined {
  const first = Math.floor(start / pieceSizeBytes);
  const last = Math.floor(Math.max(start, start + lengthBytes - 1) / pieceSizeBytes);
  const origin = first * pieceSizeBytes;
  let part = records.get(pieceKey(key, first));
  if (part === undefined) return undefined;
  if (last > first) {
    const writer = new ByteWriter().bytes(part);
    for (let position = first + 1; position <= last; position++) {
      writer.bytes(records.get(pieceKey(key, position)) ?? new Uint8Array());
    }
    part = writer.finish();
  }
  const end = start + lengthBytes - origin;
  if (end > part.length) throw new RangeError(`the record ${key} ends before byte ${origin + end}`);
  return part.subarray(start - origin, end);
}
