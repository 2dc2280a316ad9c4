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

  list(): Write[] {
    return [...this.#byKey.values()];
  }
}
