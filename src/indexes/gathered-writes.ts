/** Writes that are gathered until a tip moves; the last one to a key is the one that counts. */

import type { Key, Write } from "../machine/store.ts";

export class GatheredWrites {
  readonly #byKey = new Map<Key, Write>();

  put(key: Key, value: Uint8Array): void {
    this.#byKey.set(key, { type: "put", key, value });
  }

  delete(key: Key): void {
    this.#byKey.set(key, { type: "delete", key });
  }

  add(writes: readonly Write[]): void {
    for (const write of writes) this.#byKey.set(write.key, write);
  }

  /** What was put there last; undefined if nothing was, or if it was deleted again. */
  get(key: Key): Uint8Array | undefined {
    const write = this.#byKey.get(key);
    return write?.type === "put" ? write.value : undefined;
  }

  list(): Write[] {
    return [...this.#byKey.values()];
  }
}
