/** A store in memory that loses in a crash what was not persisted, as a disk would. */

import type { Key, Store, Write } from "../../machine/store.ts";

export type Records = ReadonlyMap<Key, Uint8Array>;

/** A record was read whose bytes are not those that were written; a real store knows by checksum. */
export class DamagedRecordError extends Error {
  readonly key: Key;

  constructor(key: Key) {
    super(`the record ${key} is damaged`);
    this.name = "DamagedRecordError";
    this.key = key;
  }
}

export class MemoryStore implements Store {
  readonly #durable: Map<Key, Uint8Array>;
  /** The newest write to each key that was committed and is not durable yet. */
  readonly #overlay = new Map<Key, Write>();
  /** Batches that are committed and not durable, oldest first. */
  #waiting: (readonly Write[])[] = [];
  readonly #damaged = new Set<Key>();

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

  get isDamaged(): boolean {
    return this.#damaged.size > 0;
  }

  /** @throws DamagedRecordError if the record was corrupted. */
  get(key: Key): Uint8Array | undefined {
    const write = this.#overlay.get(key);
    if (write !== undefined) return valueOf(write);
    if (this.#damaged.has(key)) throw new DamagedRecordError(key);
    return this.#durable.get(key);
  }

  commit(batch: readonly Write[]): void {
    this.#waiting.push(batch);
    for (const write of batch) this.#overlay.set(write.key, write);
  }

  /** Makes a committed batch durable, with all that were committed before it. */
  persist(batch: readonly Write[]): void {
    if (!this.#waiting.includes(batch)) return;
    for (;;) {
      const oldest = this.#waiting.shift();
      if (oldest === undefined) return;
      for (const write of oldest) this.#makeDurable(write);
      if (oldest === batch) return;
    }
  }

  #makeDurable(write: Write): void {
    const value = valueOf(write);
    this.#damaged.delete(write.key);
    if (value === undefined) this.#durable.delete(write.key);
    else this.#durable.set(write.key, value);
    if (this.#overlay.get(write.key) === write) this.#overlay.delete(write.key);
  }

  /** Loses what was not persisted. */
  crash(): void {
    this.#overlay.clear();
    this.#waiting = [];
  }

  /** Flips a bit of a durable record, so that it cannot be read until it is written anew. */
  corrupt(key: Key): void {
    if (!this.#durable.has(key)) throw new Error(`there is no durable record ${key}`);
    this.#damaged.add(key);
  }

  /** Loses everything, as if the folder was removed. */
  wipe(): void {
    this.crash();
    this.#durable.clear();
    this.#damaged.clear();
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
