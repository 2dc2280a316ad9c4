/** The hash tree over a block's transactions. */

import { hashBytes, displayHash, sha256d } from "./hash.ts";

export type MerkleRoot = {
  /** In display order. */
  readonly root: string;
  /** True if two neighbours below one node were equal: another list has this root too. */
  readonly isMutated: boolean;
};

/**
 * The root over ids in display order, from left to right; an odd one out is paired with itself.
 *
 * @throws RangeError if there are none: a block without transactions is not asked for its root.
 * @see CVE-2012-2459 for why equal neighbours are told
 */
export function merkleRoot(ids: readonly string[]): MerkleRoot {
  if (ids.length === 0) throw new RangeError("a merkle tree needs at least one leaf");
  let level = ids.map(hashBytes);
  let isMutated = false;
  const pair = new Uint8Array(64);
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Uint8Array;
      const right = level[i + 1];
      if (right !== undefined && isSame(left, right)) isMutated = true;
      pair.set(left, 0);
      pair.set(right ?? left, 32);
      above.push(sha256d(pair));
    }
    level = above;
  }
  return { root: displayHash(level[0] as Uint8Array), isMutated };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}

/**
 * The hashes beside the path from leaf `position` to the root, in display order, lowest first.
 */
export function merkleBranch(ids: readonly string[], position: number): string[] {
  const branch: string[] = [];
  let level = ids.map(hashBytes);
  for (let at = position; level.length > 1; at >>= 1) {
    branch.push(displayHash((level[at ^ 1] ?? level[at]) as Uint8Array));
    level = level
      .filter((_, i) => i % 2 === 0)
      .map((left, i) => {
        const pair = new Uint8Array(64);
        pair.set(left, 0);
        pair.set(level[2 * i + 1] ?? left, 32);
        return sha256d(pair);
      });
  }
  return branch;
}
