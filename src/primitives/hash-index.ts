/** Finds things by their block hashes. */

import type { BlockHash } from "./brand.ts";

/** Something with a hash, and the next one whose hash has the same key. */
export type Indexed<T> = { readonly hash: BlockHash; nextOfKey: T | undefined };

/**
 * What a `Map` with hashes as keys does, in half the time for hashes that are new: a `Map` mixes
 * all 64 digits, but the last few of a hash are as random as any.
 */
export class HashIndex<T extends Indexed<T>> {
  readonly #firstOfKey = new Map<number, T>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(hash: BlockHash): T | undefined {
    let found = this.#firstOfKey.get(keyOf(hash));
    while (found !== undefined && found.hash !== hash) found = found.nextOfKey;
    return found;
  }

  /** Adds something whose hash is not in the index. */
  add(item: T): void {
    const key = keyOf(item.hash);
    item.nextOfKey = this.#firstOfKey.get(key);
    this.#firstOfKey.set(key, item);
    this.#size += 1;
  }
}

/** To mine many blocks that share these digits takes far more work than to tell them apart. */
const keyDigits = 8;

function keyOf(hash: BlockHash): number {
  let key = 0;
  for (let i = hash.length - keyDigits; i < hash.length; i++) {
    key = (key << 4) ^ hash.charCodeAt(i);
  }
  return key;
}
