/** Checks which bodies are asked for next. */

import { expect, test } from "vitest";
import type { TreeEntry } from "../../src/chain/tree.ts";
import { nextBodies } from "../../src/peers/download.ts";
import { limits } from "../../src/peers/limits.ts";
import type { BlockHash } from "../../src/primitives/brand.ts";
import { headerOf } from "../consensus/samples.ts";

function hashAt(height: number): BlockHash {
  return `block ${height}` as BlockHash;
}

function hashesFrom(first: number, count: number): BlockHash[] {
  return Array.from({ length: count }, (_, i) => hashAt(first + i));
}

/** A branch whose bodies are there at these heights. */
function branch(length: number, bodies: readonly number[] = [0]): TreeEntry {
  let parent: TreeEntry | undefined;
  for (let height = 0; height <= length; height++) {
    const hasBody = bodies.includes(height);
    parent = {
      hash: hashAt(height),
      header: headerOf(),
      height,
      medianTime: 0,
      parent,
      work: BigInt(height),
      hasBody,
      isLinked: hasBody && (parent === undefined || parent.isLinked),
      isInvalid: false,
      isInvalidByCommand: false,
      sequence: 0,
    };
  }
  return parent!;
}

test("the lowest that are missing, as many as one message may name", () => {
  const bodies = nextBodies(branch(100, [0, 1, 2]), new Set());
  expect(bodies).toEqual(hashesFrom(3, limits.blocksInFlightMax));
});

test("not those that are there already above a gap", () => {
  expect(nextBodies(branch(5, [0, 2, 4]), new Set())).toEqual([1, 3, 5].map(hashAt));
});

test("not those that somebody owes us", () => {
  const asked = new Set(hashesFrom(1, 16));
  expect(nextBodies(branch(20), asked)).toEqual(hashesFrom(17, 4));
  expect(nextBodies(branch(16), asked)).toEqual([]);
});

test("none that is further up than the window", () => {
  const { downloadWindowMax } = limits;
  const tall = branch(downloadWindowMax + 10);
  expect(nextBodies(tall, new Set(hashesFrom(1, downloadWindowMax - 1)))).toEqual([
    hashAt(downloadWindowMax),
  ]);
  expect(nextBodies(tall, new Set(hashesFrom(1, downloadWindowMax)))).toEqual([]);
});
