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

/** Sorted for one median after the other: to make room for each takes longer than to sort. */
const latestFirst = new Uint32Array(medianSpan);

/**
 * The median time of a header and the ten before it, in seconds: a clock that one miner cannot
 * set. Near genesis there are fewer, and of an even number the later of the middle two counts.
 *
 * @see BIP113; Bitcoin Core, CBlockIndex::GetMedianTimePast
 */
export function medianTimeOf(header: Header, parent: Ancestor | undefined): number {
  latestFirst[0] = header.time;
  let count = 1;
  for (let at = parent; at !== undefined && count < medianSpan; at = at.parent) {
    insert(at.header.time, count);
    count += 1;
  }
  return latestFirst[(count - 1) >> 1] as number;
}

/** Puts a time among the first `count`. Most are in order already: then this only appends. */
function insert(time: number, count: number): void {
  let position = count;
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
