/** Checks that things are found by their hashes, even by hashes that end alike. */

import { expect, test } from "vitest";
import type { BlockHash } from "../../src/primitives/brand.ts";
import { HashIndex } from "../../src/primitives/hash-index.ts";

type Thing = { readonly hash: BlockHash; nextOfKey: Thing | undefined };

function thing(start: string, end: string): Thing {
  return { hash: (start.padEnd(56, "0") + end) as BlockHash, nextOfKey: undefined };
}

test("things are found by equal text, not by the same string only", () => {
  const index = new HashIndex<Thing>();
  const things = Array.from({ length: 1000 }, (_, i) =>
    thing("", String(i * 7919).padStart(8, "0")),
  );
  for (const each of things) index.add(each);
  expect(index.size).toBe(1000);
  for (const each of things) {
    const copy = Array.from(each.hash).join("") as BlockHash;
    expect(index.get(copy)).toBe(each);
  }
});

test("hashes that differ only where the key does not look are told apart", () => {
  const index = new HashIndex<Thing>();
  const things = ["a", "b", "c"].map((start) => thing(start, "12345678"));
  for (const each of things) index.add(each);
  expect(things.map(({ hash }) => index.get(hash))).toEqual(things);
  expect(index.size).toBe(3);
  expect(index.get(thing("d", "12345678").hash)).toBeUndefined();
});

test("nothing is found in an empty index", () => {
  expect(new HashIndex<Thing>().get(thing("a", "12345678").hash)).toBeUndefined();
});
