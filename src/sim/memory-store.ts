/** A store in memory that forgets in a crash what was not persisted, as a disk would. */

import type { Key, Store, Write } from "../chain/store.ts";

export type Records = ReadonlyMap<Key, Uint8Array>;

export class MemoryStore implements Store {
  readonly #durable: Map<Key, Uint8Array>;
  /** The newest write to each key that was committed and is not durable yet. */
  readonly #overlay = new Map<Key, Write>();
  /** Batches that are committed and not durable, oldest first. */
  #waiting: (readonly Write[])[] = [];

  /** @param records what is durable from the beginning. */
  constructor(records: Records = new Map()) {
    this.#durable = new Map(records);
  }

  /** What a crash would leave. */
  get durable(): Records {
    return this.#durable;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  get(key: Key): Uint8Array | undefined {
    const write = this.#overlay.get(key);
    return write === undefined ? this.#durable.get(key) : valueOf(write);
  }

  commit(batch: readonly Write[]): void {
    this.#waiting.push(batch);
    for (const write of batch) this.#overlay.set(write.key, write);
  }

  /** Makes a committed batch durable, with all that were committed before it. */
  persist(batch: readonly Write[]): void {
    const count = this.#waiting.indexOf(batch) + 1;
    for (const write of this.#waiting.splice(0, count).flat()) {
      const value = valueOf(write);
      if (value === undefined) this.#durable.delete(write.key);
      else this.#durable.set(write.key, value);
      if (this.#overlay.get(write.key) === write) this.#overlay.delete(write.key);
    }
  }

  /** Forgets what was not persisted. */
  crash(): void {
    this.#overlay.clear();
    this.#waiting = [];
  }

  /** The records whose keys begin with `prefix`, in the order of their keys. */
  scan(prefix: string): [Key, Uint8Array][] {
    const keys = new Set([...this.#durable.keys(), ...this.#overlay.keys()]);
    const found: [Key, Uint8Array][] = [];
    for (const key of keys) {
      const value = key.startsWith(prefix) ? this.get(key) : undefined;
      if (value !== undefined) found.push([key, value]);
    }
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function valueOf(write: Write): Uint8Array | undefined {
  return write.type === "put" ? write.value : undefined;
}
