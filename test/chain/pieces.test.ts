/** Checks that long records are read as they were written, whole and in part. */

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  deletePieces,
  getPart,
  getWhole,
  pieceSizeBytes,
  putInPieces,
} from "../../src/chain/pieces.ts";
import { MemoryStore } from "../../src/sim/engine/memory-store.ts";

/** Every byte tells where it is. */
function patternOf(sizeBytes: number): Uint8Array {
  return Uint8Array.from({ length: sizeBytes }, (_, at) => (at * 31 + (at >> 8)) & 255);
}

/** Much faster than to compare two arrays of thousands of numbers. */
function isSame(found: Uint8Array | undefined, expected: Uint8Array): boolean {
  return found !== undefined && Buffer.compare(found, expected) === 0;
}

const sizes = fc.oneof(
  fc.nat(3 * pieceSizeBytes),
  fc.constantFrom(0, 1, pieceSizeBytes - 1, pieceSizeBytes, pieceSizeBytes + 1, 2 * pieceSizeBytes),
);

test("a value of any size is read whole, and any part of it", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (sizeBytes, a, b) => {
      const value = patternOf(sizeBytes);
      const store = new MemoryStore();
      store.commit(putInPieces("long", value));
      expect(isSame(getWhole(store, "long"), value)).toBe(true);
      const start = sizeBytes === 0 ? 0 : a % sizeBytes;
      const length = b % (sizeBytes - start + 1);
      const part = value.subarray(start, start + length);
      expect(isSame(getPart(store, "long", start, length), part)).toBe(true);
      expect(() => getPart(store, "long", start, sizeBytes - start + 1)).toThrow(RangeError);
    }),
  );
});

test("what is not there is undefined, and what was deleted leaves nothing", () => {
  const store = new MemoryStore();
  expect(getWhole(store, "long")).toBeUndefined();
  expect(getPart(store, "long", 0, 0)).toBeUndefined();
  const sizeBytes = 2 * pieceSizeBytes + 1;
  store.commit(putInPieces("long", patternOf(sizeBytes)));
  expect(store.scan("")).toHaveLength(3);
  store.commit(deletePieces("long", sizeBytes));
  expect(store.scan("")).toEqual([]);
});
