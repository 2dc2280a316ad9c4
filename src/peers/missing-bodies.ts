/** The bodies that are missing on the way to one block, found without a search from its start. */

import type { TreeEntry } from "../chain/tree.ts";
import { limits } from "./limits.ts";

export class MissingBodies {
  /** Upwards from the first that was not linked; each is the parent of the next. */
  readonly #entries: TreeEntry[];
  /** All below this position have a body. */
  #lowest = 0;
  /** All below this position have a body or are under way. */
  #next = 0;

  /** @param last is not linked. */
  constructor(last: TreeEntry) {
    this.#entries = unlinkedUpTo(last, undefined);
  }

  /** True if this leads to the entry or through it; it grows if the entry stands upon its end. */
  reaches(entry: TreeEntry): boolean {
    const end = this.#entries.at(-1);
    if (end === undefined) return false;
    if (entry.height <= end.height) return this.has(entry);
    const above = unlinkedUpTo(entry, end);
    if (above[0]?.parent !== end) return false;
    this.#entries.push(...above);
    return true;
  }

  has(entry: TreeEntry): boolean {
    return this.#entries[this.#positionOf(entry)] === entry;
  }

  /** A body that was under way is to be requested again. */
  free(entry: TreeEntry): void {
    if (this.has(entry)) this.#next = Math.min(this.#next, this.#positionOf(entry));
  }

  /**
   * What may be requested now, from the lowest on, up to an entry: nothing far above the lowest
   * missing body, since the bodies between can only be kept, not connected.
   */
  *open(last: TreeEntry, isUnderWay: (entry: TreeEntry) => boolean): Iterable<TreeEntry> {
    this.#pass(isUnderWay);
    const windowEnd = this.#lowest + limits.downloadWindowMax;
    const end = Math.min(windowEnd, this.#positionOf(last) + 1, this.#entries.length);
    for (let at = this.#next; at < end; at++) {
      const entry = this.#entries[at] as TreeEntry;
      if (!entry.hasBody && !isUnderWay(entry)) yield entry;
    }
  }

  #pass(isUnderWay: (entry: TreeEntry) => boolean): void {
    const count = this.#entries.length;
    while (this.#lowest < count && this.#entries[this.#lowest]?.hasBody) this.#lowest += 1;
    this.#next = Math.max(this.#next, this.#lowest);
    for (; this.#next < count; this.#next++) {
      const entry = this.#entries[this.#next] as TreeEntry;
      if (!entry.hasBody && !isUnderWay(entry)) return;
    }
  }

  #positionOf({ height }: TreeEntry): number {
    return height - (this.#entries[0]?.height ?? 0);
  }
}

/** From below `last` upwards: the first that is not linked, or a child of an entry as high as `end`. */
function unlinkedUpTo(last: TreeEntry, end: TreeEntry | undefined): TreeEntry[] {
  const lowest = end === undefined ? 0 : end.height + 1;
  const entries: TreeEntry[] = [];
  for (let at: TreeEntry | undefined = last; at && at.height >= lowest; at = at.parent) {
    if (at.isLinked) break;
    entries.push(at);
  }
  return entries.reverse();
}
