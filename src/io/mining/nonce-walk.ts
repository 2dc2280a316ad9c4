/** The nonces that one of several threads tries for one search, in order. */

import { timeOffsetBytes } from "../../primitives/header.ts";
import { nonceCount } from "../hashing/hasher.ts";

export type NonceSearch = {
  /** A search that is ordered again under the same number goes on where it is. */
  readonly number: number;
  readonly header: Uint8Array;
  readonly target: Uint8Array;
  /** The header's time may be raised up to this, in seconds since 1970. */
  readonly timeMaxSeconds: number;
  /** The search begins at the range that has this nonce. */
  readonly firstNonce: number;
};

/** How many nonces a thread takes at a time: at least one chunk, and few beside all nonces. */
export const nonceRangeSize = 2 ** 16;
const nonceRanges = nonceCount / nonceRangeSize;

export class NonceWalk {
  readonly search: NonceSearch;
  readonly #header: Uint8Array;
  readonly #thread: number;
  readonly #threads: number;
  /** Counted from the search's first range: of n threads each takes every nth. */
  #range: number;
  #offset = 0;

  constructor(search: NonceSearch, thread: number, threads: number) {
    this.search = search;
    this.#header = Uint8Array.from(search.header);
    this.#thread = thread;
    this.#threads = threads;
    this.#range = thread;
  }

  /** The header with the time that the last nonces taken belong to. */
  get header(): Uint8Array {
    return this.#header;
  }

  /** The next nonces, at most `countMax`; undefined after the last nonce of the last second. */
  take(countMax: number): { readonly start: number; readonly count: number } | undefined {
    if (this.#offset === nonceRangeSize) {
      this.#offset = 0;
      this.#range += this.#threads;
    }
    if (this.#range >= nonceRanges && !this.#raiseTime()) return undefined;
    const first = Math.floor(this.search.firstNonce / nonceRangeSize);
    const range = (first + this.#range) % nonceRanges;
    const start = range * nonceRangeSize + this.#offset;
    const count = Math.min(countMax, nonceRangeSize - this.#offset);
    this.#offset += count;
    return { start, count };
  }

  #raiseTime(): boolean {
    const view = new DataView(this.#header.buffer);
    const time = view.getUint32(timeOffsetBytes, true);
    if (time >= this.search.timeMaxSeconds) return false;
    view.setUint32(timeOffsetBytes, time + 1, true);
    this.#range = this.#thread;
    return true;
  }
}
