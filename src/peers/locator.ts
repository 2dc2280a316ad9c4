/** Locators: how two nodes find the last block they share with few hashes. */

import type { Chain } from "../chain/chain.ts";
import type { TreeEntry } from "../chain/tree.ts";
import type { BlockHash } from "../primitives/brand.ts";
import type { Header } from "../primitives/header.ts";

/** Ten hashes one by one, then steps that double: more than any chain needs. */
export const locatorLengthMax = 64;
const denseLength = 10;

/** Hashes from `from` down to genesis, ever sparser. @see Bitcoin Core, LocatorEntries */
export function locatorOf(from: TreeEntry): BlockHash[] {
  const hashes: BlockHash[] = [];
  let step = 1;
  let at: TreeEntry | undefined = from;
  while (at !== undefined) {
    hashes.push(at.hash);
    if (hashes.length >= denseLength) step *= 2;
    const { height } = at;
    if (height === 0) break;
    const next = Math.max(height - step, 0);
    while (at !== undefined && at.height > next) at = at.parent;
  }
  return hashes;
}

/** Headers of the active branch above the first hash of the locator that is on it. */
export function headersAfter(
  chain: Chain,
  locator: readonly BlockHash[],
  countMax: number,
): Header[] {
  const shared = locator
    .map((hash) => chain.tree.get(hash))
    .find((entry) => entry !== undefined && chain.isActive(entry));
  const headers: Header[] = [];
  for (let height = (shared?.height ?? 0) + 1; headers.length < countMax; height++) {
    const entry = chain.entryAt(height);
    if (entry === undefined) break;
    headers.push(entry.header);
  }
  return headers;
}
