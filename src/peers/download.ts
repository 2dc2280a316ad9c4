/** Which block bodies to ask of which peer. */

import type { TreeEntry } from "../chain/tree.ts";
import type { BlockHash } from "../primitives/brand.ts";
import { limits } from "./limits.ts";

/**
 * The lowest blocks on the way to `best` whose bodies no peer has been asked for, as many as one
 * request may name.
 *
 * @param inFlight blocks that some peer was asked for already.
 */
export function nextBodies(best: TreeEntry, inFlight: ReadonlySet<BlockHash>): BlockHash[] {
  const missing: BlockHash[] = [];
  for (let at: TreeEntry | undefined = best; at && !at.isLinked; at = at.parent) {
    if (!at.hasBody) missing.push(at.hash);
  }
  const window = missing.reverse().slice(0, limits.downloadWindowMax);
  return window.filter((hash) => !inFlight.has(hash)).slice(0, limits.blocksInFlightMax);
}
