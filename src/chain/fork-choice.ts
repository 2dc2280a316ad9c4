/** Fork choice: which of the branches is the active one. */

import type { TreeEntry } from "./tree.ts";

/** True if the tip should move to this linked entry: only more work counts, the first body stays. */
export function outweighs(entry: TreeEntry, tip: TreeEntry): boolean {
  return !entry.isInvalid && entry.work > tip.work;
}

/** Most work first; among equals the one whose body was there first. */
export function bestOf(candidates: Iterable<TreeEntry>): TreeEntry | undefined {
  let best: TreeEntry | undefined;
  for (const entry of candidates) {
    const isBetter =
      best === undefined ||
      entry.work > best.work ||
      (entry.work === best.work && entry.sequence < best.sequence);
    if (isBetter) best = entry;
  }
  return best;
}
