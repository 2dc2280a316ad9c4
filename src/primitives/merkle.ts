/** The hash tree over a block's transactions. */

import { displayHash, hashBytes, hashWritten } from "./hash.ts";
import { currentHashing, hashAt, type MerkleRoot } from "./hashing.ts";

/**
 * The root over ids in display order, from left to right; an odd one out is paired with itself.
 *
 * @throws RangeError if there are none: a block without transactions is not asked for its root.
 * @see CVE-2012-2459 for why equal neighbours are reported
 */
export function merkleRoot(ids: readonly string[]): MerkleRoot {
  if (ids.length === 0) throw new RangeError("a merkle tree needs at least one leaf");
  return currentHashing().merkleRoot(ids);
}

/**
 * The hashes beside the path from leaf `position` to the root, in display order, lowest first.
 */
export function merkleBranch(ids: readonly string[], position: number): string[] {
  const below = merkleLevels(ids.map(hashBytes)).slice(0, -1);
  return below.map((level, height) => {
    const at = position >> height;
    return displayHash((level[at ^ 1] ?? level[at]) as Uint8Array);
  });
}

/** All hashes of the tree, from the leaves up to the root, which is alone. */
export function merkleLevels(leaves: readonly Uint8Array[]): (readonly Uint8Array[])[] {
  const levels = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) level = levelAbove(level);
  return levels;
}

function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  const hashes = hashWritten("twice", (writer, end) => {
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Uint8Array;
      writer.bytes(left).bytes(level[i + 1] ?? left);
      end();
    }
  });
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => hashAt(hashes, i));
}
