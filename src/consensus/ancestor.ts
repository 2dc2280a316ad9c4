/** What a header's rules may look at: the blocks before it. */

import type { Header } from "../primitives/header.ts";

/** A header that is known to be valid, with the way back to genesis. */
export type Ancestor = {
  readonly header: Header;
  readonly height: number;
  /** The median time of this header and the ten before it, in seconds. */
  readonly medianTime: number;
  readonly parent: Ancestor | undefined;
};

const medianSpan = 11;

/**
 * The median time of a header and the ten before it, in seconds: a clock that one miner cannot
 * set. Near genesis there are fewer, and of an even number the later of the middle two counts.
 *
 * @see BIP113; Bitcoin Core, CBlockIndex::GetMedianTimePast
 */
export function medianTimeOf(header: Header, parent: Ancestor | undefined): number {
  const latestFirst = [header.time];
  for (let at = parent; at !== undefined && latestFirst.length < medianSpan; at = at.parent) {
    insert(latestFirst, at.header.time);
  }
  return latestFirst[(latestFirst.length - 1) >> 1] as number;
}

/** Most times are in order already: then this only appends. */
function insert(latestFirst: number[], time: number): void {
  let position = latestFirst.length;
  for (; position > 0; position--) {
    const later = latestFirst[position - 1] as number;
    if (later >= time) break;
    latestFirst[position] = later;
  }
  latestFirst[position] = time;
}

/** The ancestor at `height`, which must not be above `from`. */
export function ancestorAt(from: Ancestor, height: number): Ancestor {
  let at = from;
  while (at.height > height) {
    if (at.parent === undefined) throw new RangeError(`no ancestor at height ${height}`);
    at = at.parent;
  }
  return at;
}
