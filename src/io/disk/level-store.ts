/** The store on disk: LevelDB, and above it the batches that are committed but not yet written. */

import { crc32 } from "node:zlib";
import { Level } from "level";
import type { Key, Store, Write } from "../../machine/store.ts";
import { messageOf } from "../../primitives/error-message.ts";
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
  const level: Database = new Level(folder, { ...encodings, compression: false });
  try {
    await level.open();
  } catch (error) {
    throw openingError(folder, error);
  }
  return new LevelStore(level, folder, options);
}

/** @see classic-level, whose causes have these codes */
function openingError(folder: string, error: unknown): Error {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const reason = messageOf(cause);
  if (code === "LEVEL_CORRUPTION") return new DamagedStoreError(folder, reason);
  const words = code === "LEVEL_LOCKED" ? "another process has it open" : reason;
  return new Error(`Cannot open the store in ${folder}: ${words}.`, { cause: error });
}

const encodings = { keyEncoding: "utf8", valueEncoding: "view" } as const;

type Database = Level<Key, Uint8Array>;
type DiskWrite =
  | { readonly type: "put"; readonly key: Key; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: Key };
/** The newest committed value of a key, undefined if it was deleted, and which batch did it. */
type Waiting = { readonly value: Uint8Array | undefined; readonly batchNumber: number };
/** From the first key to just before the second. */
type Range = { readonly gte: Key; readonly lt: Key; readonly reverse: boolean };

/**
 * Batches reach the disk in the order in which they were committed, so what is there after a crash
 * is always an earlier state as a whole.
 */
export class LevelStore implements Store {
  readonly #level: Database;
  readonly #folder: string;
  readonly #options: LevelStoreOptions;
  readonly #overlay = new Map<Key, Waiting>();
  /** Committed and not yet on disk, oldest first. */
  readonly #queue: (readonly Write[])[] = [];
  readonly #persisted = new WeakSet<readonly Write[]>();
  /** How many batches are on disk, which is also the number of the first one in the queue. */
  #persistedCount = 0;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(level: Database, folder: string, options: LevelStoreOptions) {
    this.#level = level;
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * How many batches are only in memory. A caller that commits faster than the disk writes must
   * check this and wait: the store itself sets no limit, because `commit` cannot refuse.
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
   * Writes a committed batch together with all that were committed before it, all or nothing.
   *
   * @param batch the very array that was committed. If a later batch took it along, it is done.
   * @throws Error if the disk refuses. The batches stay in memory, and the next call tries again.
   */
  persist(batch: readonly Write[]): Promise<void> {
    const write = this.#lastWrite.then(() => this.#write(batch));
    this.#lastWrite = write.catch(() => undefined); // the next one comes after it in any case
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
    const overlay = new Map([...this.#overlay].filter(([key]) => isWithin(key, range)));
    const disk = this.#level.iterator(range); // keeps to the state in which it was made
    return this.#readMerged(overlay, disk, range, options.limit ?? Infinity);
  }

  /** Waits for the writes that are under way. Batches that were never persisted are lost. */
  async close(): Promise<void> {
    await this.#lastWrite;
    await this.#level.close();
  }

  async #write(batch: readonly Write[]): Promise<void> {
    const batches = this.#queue.slice(0, this.#queue.indexOf(batch) + 1);
    if (batches.length === 0) {
      if (this.#persisted.has(batch)) return;
      throw new Error("a batch must be committed before it can be persisted");
    }
    const writes = batches.flat().map(toDiskWrite);
    try {
      // Options, even empty ones, would be copied for every single write.
      if (this.#options.sync === true) await this.#level.batch(writes, { sync: true });
      else await this.#level.batch(writes);
    } catch (error) {
      const action = `Cannot write ${writes.length} records to ${this.#folder}`;
      throw new Error(`${action}: ${messageOf(error)}. Check that the disk works and has room.`, {
        cause: error,
      });
    }
    this.#forget(batches);
  }

  /** Drops from memory what is on disk now, except where a later batch has a newer value. */
  #forget(batches: readonly (readonly Write[])[]): void {
    this.#queue.splice(0, batches.length);
    this.#persistedCount += batches.length;
    for (const batch of batches) this.#persisted.add(batch);
    for (const { key } of batches.flat()) {
      const waiting = this.#overlay.get(key);
      if (waiting === undefined || waiting.batchNumber >= this.#persistedCount) continue;
      this.#overlay.delete(key);
    }
  }

  async *#readMerged(
    overlay: ReadonlyMap<Key, Waiting>,
    disk: AsyncIterable<[Key, Uint8Array]>,
    range: Range,
    limit: number,
  ): AsyncGenerator<readonly [Key, Uint8Array]> {
    let count = 0;
    for await (const [key, record] of mergeKeys([...overlay.keys()], disk, range.reverse)) {
      if (count >= limit) return;
      const waiting = overlay.get(key);
      const value = record === undefined ? waiting?.value : decodeRecord(record, key, this.#folder);
      if (value === undefined) continue; // deleted
      yield [key, value];
      count += 1;
    }
  }
}

/** All keys of both, each once and in order, with the record unless the key is in memory. */
async function* mergeKeys(
  keysInMemory: Key[],
  disk: AsyncIterable<[Key, Uint8Array]>,
  reverse: boolean,
): AsyncGenerator<readonly [Key, Uint8Array | undefined]> {
  const isBefore = (left: Key, right: Key): boolean => (reverse ? left > right : left < right);
  keysInMemory.sort((left, right) => (isBefore(left, right) ? -1 : 1));
  let position = 0;
  for await (const [key, record] of disk) {
    let next = keysInMemory[position];
    while (next !== undefined && isBefore(next, key)) {
      yield [next, undefined];
      position += 1;
      next = keysInMemory[position];
    }
    if (next !== key) yield [key, record];
  }
  for (const key of keysInMemory.slice(position)) yield [key, undefined];
}

/** Keys are printable ASCII, so U+007F is behind every key, and U+0000 makes the next one. */
function rangeOf(prefix: string, { reverse = false, after }: ScanOptions): Range {
  const range = { gte: prefix, lt: `${prefix}\u007f`, reverse };
  if (after === undefined) return range;
  return reverse ? { ...range, lt: after } : { ...range, gte: `${after}\u0000` };
}

function isWithin(key: Key, range: Range): boolean {
  return range.gte <= key && key < range.lt;
}

// A record on disk is a checksum and the value. CRC-32 finds every error of up to 32 bits in a row
// and costs a quarter of a hash; it guards against a failing disk, not against someone who can write
// to the folder, for whom a hash without a secret would be no hindrance either. The key is part
// of what is summed, so that a value which comes back under another key is noticed.

const checksumSizeBytes = 4;

function toDiskWrite(write: Write): DiskWrite {
  if (write.type === "delete") return { type: "del", key: write.key };
  const record = new Uint8Array(checksumSizeBytes + write.value.length);
  new DataView(record.buffer).setUint32(0, checksumOf(write.key, write.value), true);
  record.set(write.value, checksumSizeBytes);
  return { type: "put", key: write.key, value: record };
}

function decodeRecord(record: Uint8Array, key: Key, folder: string): Uint8Array {
  if (record.length < checksumSizeBytes) throw new CorruptRecordError(folder, key);
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  // LevelDB gives Buffers, whose `slice` is not that of a Uint8Array: hand out the plain kind.
  const start = record.byteOffset + checksumSizeBytes;
  const value = new Uint8Array(record.buffer, start, record.length - checksumSizeBytes);
  if (view.getUint32(0, true) !== checksumOf(key, value)) throw new CorruptRecordError(folder, key);
  return value;
}

function checksumOf(key: Key, value: Uint8Array): number {
  return crc32(key, crc32(value)); // the key last: with empty bytes Node loses the start value
}
