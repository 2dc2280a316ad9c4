/** The store on disk: LevelDB, and above it the batches that are committed but not yet written. */

import { crc32 } from "node:zlib";

import { Level } from "level";

import type { Key, Store, Write } from "../chain/store.ts";
import { DamagedStoreError, scrub } from "./scrub.ts";

/** A record whose bytes are not those that were written. */
export class CorruptRecordError extends DamagedStoreError {
  readonly key: Key;

  constructor(folder: string, key: Key) {
    super(folder, `the record ${key} has a wrong checksum`);
    this.name = "CorruptRecordError";
    this.key = key;
  }
}

export type LevelStoreOptions = {
  /**
   * Waits in every `persist` until the disk itself has the batch, so that it survives a power cut.
   * Without it a batch survives the death of the process, and a power cut costs the last batches,
   * never a part of one: the chain is then merely some blocks behind and fetches them anew.
   */
  readonly sync?: boolean;
};

export type ScanOptions = {
  readonly reverse?: boolean;
  /** Begins behind this key, in the direction of the scan. */
  readonly after?: Key;
  readonly limit?: number;
};

/**
 * Opens the store in a folder of its own, which is made if it does not exist.
 *
 * @throws DamagedStoreError if a file in it was damaged.
 */
export async function openLevelStore(
  folder: string,
  options: LevelStoreOptions = {},
): Promise<LevelStore> {
  await scrub(folder);
  // Snappy finds nothing to save in hashes, keys and signatures, and `scrub` need not undo it.
  const level: Database = new Level(folder, { ...ENCODINGS, compression: false });
  try {
    await level.open();
  } catch (error) {
    const reason = String(error instanceof Error ? (error.cause ?? error) : error);
    throw new Error(`Cannot open the store in ${folder}: ${reason}`, { cause: error });
  }
  return new LevelStore(level, folder, options);
}

const ENCODINGS = { keyEncoding: "utf8", valueEncoding: "view" } as const;

type Database = Level<Key, Uint8Array>;
type DiskWrite =
  | { readonly type: "put"; readonly key: Key; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: Key };
/** The newest committed value of a key, or undefined if it was deleted, and by which batch. */
type Waiting = { readonly value: Uint8Array | undefined; readonly batchNumber: number };

/**
 * Batches reach the disk in the order in which they were committed, so what is there after a crash
 * is always a state that once was.
 */
export class LevelStore implements Store {
  readonly #level: Database;
  readonly #folder: string;
  readonly #options: LevelStoreOptions;
  readonly #overlay = new Map<Key, Waiting>();
  /** Committed and not yet on disk, oldest first. */
  readonly #queue: (readonly Write[])[] = [];
  /** How many batches have reached the disk: the number of the queue's first one. */
  #persistedCount = 0;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(level: Database, folder: string, options: LevelStoreOptions) {
    this.#level = level;
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * How many batches are only in memory. Who commits faster than the disk can write must look at
   * this and wait: the store itself sets no limit, because `commit` cannot refuse.
   */
  get waitingCount(): number {
    return this.#queue.length;
  }

  /** @throws CorruptRecordError if the record on disk does not fit its checksum. */
  get(key: Key): Uint8Array | undefined {
    const waiting = this.#overlay.get(key);
    if (waiting !== undefined) return waiting.value;
    const record = this.#level.getSync(key);
    return record === undefined ? undefined : decodeRecord(record, key, this.#folder);
  }

  commit(batch: readonly Write[]): void {
    const batchNumber = this.#persistedCount + this.#queue.length;
    this.#queue.push(batch);
    for (const write of batch) {
      const value = write.type === "put" ? write.value : undefined;
      this.#overlay.set(write.key, { value, batchNumber });
    }
  }

  /**
   * Writes a committed batch, and all that were committed before it, at once or not at all.
   *
   * @param batch the very array that was committed. Nothing happens if a later batch took it along.
   * @throws Error if the disk refuses. The batches then stay in memory, and the next call tries
   *   them again.
   */
  persist(batch: readonly Write[]): Promise<void> {
    // The next write waits for this one, whether it succeeds or not.
    const write = this.#lastWrite.then(() => this.#write(batch));
    this.#lastWrite = write.catch(() => undefined);
    return write;
  }

  /**
   * The records whose keys begin with `prefix`, in the order of their keys, as they are at the
   * moment of the call, whatever is committed while the caller reads on.
   *
   * @throws CorruptRecordError while reading, as `get`.
   */
  scan(prefix: string, options: ScanOptions = {}): AsyncIterable<readonly [Key, Uint8Array]> {
    const range = rangeOf(prefix, options);
    const overlay = [...this.#overlay]
      .filter(([key]) => isWithin(key, range))
      .sort(([left], [right]) => compareKeys(left, right));
    if (range.reverse) overlay.reverse();
    const disk = this.#level.iterator(range); // sees the disk as it is now
    return this.#merge(overlay, disk, options);
  }

  /** Waits for the write that is under way. Batches that were never persisted are gone. */
  async close(): Promise<void> {
    await this.#lastWrite;
    await this.#level.close();
  }

  async #write(batch: readonly Write[]): Promise<void> {
    const batches = this.#queue.slice(0, this.#queue.indexOf(batch) + 1);
    if (batches.length === 0) return;
    const writes = batches.flat().map(toDiskWrite);
    try {
      await this.#level.batch(writes, { sync: this.#options.sync === true });
    } catch (error) {
      throw new Error(
        `Cannot write ${writes.length} records to ${this.#folder}: ${String(error)}. ` +
          "Check that the disk works and has room.",
        { cause: error },
      );
    }
    this.#forget(batches);
  }

  /** Drops from memory what is on disk now, except where a later batch has a newer value. */
  #forget(batches: readonly (readonly Write[])[]): void {
    this.#queue.splice(0, batches.length);
    this.#persistedCount += batches.length;
    for (const { key } of batches.flat()) {
      const waiting = this.#overlay.get(key);
      if (waiting === undefined || waiting.batchNumber >= this.#persistedCount) continue;
      this.#overlay.delete(key);
    }
  }

  async *#merge(
    overlay: readonly (readonly [Key, Waiting])[],
    disk: AsyncIterable<[Key, Uint8Array]>,
    { reverse = false, limit = Infinity }: ScanOptions,
  ): AsyncGenerator<readonly [Key, Uint8Array]> {
    let leftCount = limit;
    for await (const [key, value] of mergeByKey(overlay, this.#decodeAll(disk), reverse)) {
      if (leftCount <= 0) return;
      if (value === undefined) continue;
      leftCount -= 1;
      yield [key, value];
    }
  }

  async *#decodeAll(disk: AsyncIterable<[Key, Uint8Array]>): AsyncGenerator<[Key, Uint8Array]> {
    for await (const [key, record] of disk) yield [key, decodeRecord(record, key, this.#folder)];
  }
}
