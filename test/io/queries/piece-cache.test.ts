/** Checks that pieces are read once while there is room, and that the room is bounded. */

import { expect, test } from "vitest";
import { PieceCache } from "../../../src/io/queries/piece-cache.ts";

const sizeBytes = 10;

function cacheOf(count: number) {
  const read: string[] = [];
  const get = (key: string) => {
    read.push(key);
    return key === "none" ? undefined : new Uint8Array(sizeBytes);
  };
  return { read, cache: new PieceCache({ get }, count * sizeBytes) };
}

test("what was read is not read again while there is room", () => {
  const { read, cache } = cacheOf(2);
  for (const key of ["a", "b", "a", "b", "a"]) expect(cache.get(key)).toHaveLength(sizeBytes);
  expect(read).toEqual(["a", "b"]);
});

test("at the limit the piece goes that was asked for longest ago", () => {
  const { read, cache } = cacheOf(2);
  for (const key of ["a", "b", "a", "c", "a", "b"]) cache.get(key);
  expect(read).toEqual(["a", "b", "c", "b"]);
  expect(cache.sizeBytes).toBe(2 * sizeBytes);
});

test("what is not there is asked for again: it may come", () => {
  const { read, cache } = cacheOf(2);
  expect([cache.get("none"), cache.get("none")]).toEqual([undefined, undefined]);
  expect(read).toHaveLength(2);
});
