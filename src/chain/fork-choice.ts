/** Fork choice: which of the branches is the active one. */

import type { TreeEntry } from "./tree.ts";

/** True if the tip should move to this linked entry: only more work counts, the first body stays. */
export function outweighs(entry: TreeEntry, tip: TreeEntry): boolean {
  return !entry.isInvalid && entry.work > tip.work;
}

/** The order of all branches: most work first; among equals the one whose body was there first. */
export function isBetter(entry: TreeEntry, other: TreeEntry): boolean {
  return entry.work > other.work || (entry.work === other.work && entry.sequence < other.sequence);
}

/** The first of that order. */
export function bestOf(candidates: Iterable<TreeEntry>): TreeEntry | undefined {
  let best: TreeEntry | undefined;
  for (const entry of candidates) {
    if (best === undefined || isBetter(entry, best)) best = entry;
  }
  return best;
}
