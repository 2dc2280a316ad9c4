/**
 * Checks LevelDB's own checksums before a folder is opened, because `classic-level` never does:
 * it would answer with wrong values, or with none, from a file in which one bit has changed.
 */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../primitives/error-message.ts";

/** Something in the folder is not what was written there. */
export class DamagedStoreError extends Error {
  readonly folder: string;

  constructor(folder: string, damage: string) {
    super(
      `The store in ${folder} is damaged: ${damage}. ` +
        "Delete that folder and start again: the node then fetches its blocks anew from its peers.",
    );
    this.name = "DamagedStoreError";
    this.folder = folder;
  }
}

/**
 * Reads every byte that LevelDB would rely on. The folder must not be open anywhere.
 *
 * A log that ends in the middle of a record is no damage: that is what a power cut leaves behind,
 * and LevelDB carries on from the last whole record. Files that the manifest does not name are not
 * read: a process that was killed may leave an unfinished table, and LevelDB deletes it.
 *
 * @throws DamagedStoreError naming the first damaged file.
 * @see leveldb, doc/log_format.md and doc/table_format.md
 */
export async function scrub(folder: string): Promise<void> {
  const names = await readNames(folder);
  if (!names.includes("CURRENT")) {
    const orphan = names.find((name) => name.endsWith(".ldb"));
    if (orphan === undefined) return; // nothing was ever written here
    throw new DamagedStoreError(folder, `the file CURRENT is missing beside ${orphan}`);
  }

  const manifest = await checkFile(folder, "CURRENT", readManifestName);
  const live = await checkFile(folder, manifest, readLiveFiles);
  for (const [number, sizeBytes] of live.tables) {
    const name = `${String(number).padStart(6, "0")}.ldb`;
    await checkFile(folder, name, (bytes) => checkTable(bytes, sizeBytes));
  }
  for (const name of names) {
    const isLive = name.endsWith(".log") && Number.parseInt(name, 10) >= live.logMin;
    if (isLive) await checkFile(folder, name, checkLog);
  }
}

async function readNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw new Error(`Cannot list the folder ${folder}: ${messageOf(error)}`, { cause: error });
  }
}

/** What is wrong within one file; `checkFile` adds which file it is. */
class Damage extends Error {}

async function checkFile<T>(folder: string, name: string, check: (bytes: Buffer) => T): Promise<T> {
  try {
    return check(await readFile(join(folder, name)));
  } catch (error) {
    if (error instanceof Damage) {
      throw new DamagedStoreError(folder, `the file ${name} ${error.message}`);
    }
    if (isMissing(error)) throw new DamagedStoreError(folder, `the file ${name} is missing`);
    throw new Error(`Cannot read ${join(folder, name)}: ${messageOf(error)}`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

// --- The manifest: a log of changes to the set of live files ---------------------------------

type LiveFiles = {
  /** Size in bytes by file number. */
  readonly tables: ReadonlyMap<number, number>;
  /** Logs with a lower number have been turned into tables. */
  readonly logMin: number;
};

/** What an entry of the manifest is about. @see leveldb, db/version_edit.cc */
const tags = {
  comparator: 1,
  logNumber: 2,
  nextFileNumber: 3,
  lastSequence: 4,
  compactPointer: 5,
  deletedFile: 6,
  newFile: 7,
  previousLogNumber: 9,
} as const;

/** LevelDB opens no folder whose manifest lacks one of them. @see VersionSet::Recover */
const requiredTags = [tags.logNumber, tags.nextFileNumber, tags.lastSequence] as const;

function readManifestName(bytes: Buffer): string {
  const name = /^(MANIFEST-\d+)\n$/.exec(bytes.toString("latin1"))?.[1];
  if (name === undefined) throw new Damage("does not name a manifest");
  return name;
}

function readLiveFiles(bytes: Buffer): LiveFiles {
  const tables = new Map<number, number>();
  const seen = new Set<number>();
  let logMin = 0;
  for (const edit of readLogRecords(bytes)) {
    const cursor = new Cursor(edit);
    while (!cursor.isAtEnd()) {
      const tag = cursor.readVarint();
      seen.add(tag);
      switch (tag) {
        case tags.comparator:
          cursor.skipString();
          break;
        case tags.logNumber:
          logMin = cursor.readVarint();
          break;
        case tags.nextFileNumber:
        case tags.lastSequence:
        case tags.previousLogNumber:
          cursor.readVarint();
          break;
        case tags.compactPointer:
          cursor.readVarint(); // level
          cursor.skipString();
          break;
        case tags.deletedFile:
          cursor.readVarint(); // level
          tables.delete(cursor.readVarint());
          break;
        case tags.newFile:
          cursor.readVarint(); // level
          tables.set(cursor.readVarint(), cursor.readVarint());
          cursor.skipString(); // smallest key
          cursor.skipString(); // largest key
          break;
        default:
          throw new Damage(`has an entry of the unknown kind ${tag}`);
      }
    }
  }
  if (requiredTags.some((tag) => !seen.has(tag))) throw new Damage("is cut before its first entry");
  return { tables, logMin };
}

// --- Logs: records, cut so that none crosses the border of a block ----------------------------

const logBlockSizeBytes = 32_768;
/** A masked CRC32C (4 bytes), the payload's length (2) and the fragment's kind (1). */
const logHeaderSizeBytes = 7;
const fragmentKinds = { full: 1, first: 2, middle: 3, last: 4 } as const;

type Fragment = { readonly kind: number; readonly payload: Buffer };

function checkLog(bytes: Buffer): void {
  for (const fragment of readFragments(bytes)) void fragment;
}

function* readLogRecords(bytes: Buffer): Generator<Buffer> {
  let parts: Buffer[] = [];
  for (const { kind, payload } of readFragments(bytes)) {
    if (kind === fragmentKinds.full || kind === fragmentKinds.first) parts = [];
    parts.push(payload);
    if (kind === fragmentKinds.full || kind === fragmentKinds.last) yield Buffer.concat(parts);
  }
}

function* readFragments(bytes: Buffer): Generator<Fragment> {
  let offset = 0;
  while (offset + logHeaderSizeBytes <= bytes.length) {
    const blockEnd = offset - (offset % logBlockSizeBytes) + logBlockSizeBytes;
    if (offset + logHeaderSizeBytes > blockEnd || isUnwritten(bytes, offset)) {
      offset = blockEnd;
      continue;
    }
    const payloadStart = offset + logHeaderSizeBytes;
    const payloadEnd = payloadStart + bytes.readUInt16LE(offset + 4);
    if (payloadEnd > Math.min(blockEnd, bytes.length)) {
      if (blockEnd > bytes.length && !holdsWholeRecord(bytes, offset)) return; // a torn end
      throw new Damage(`has a record of wrong length at byte ${offset}`);
    }
    if (crc32c(bytes.subarray(offset + 6, payloadEnd)) !== readMaskedCrc(bytes, offset)) {
      throw new Damage(`has a record with a wrong checksum at byte ${offset}`);
    }
    yield { kind: bytes.readUInt8(offset + 6), payload: bytes.subarray(payloadStart, payloadEnd) };
    offset = payloadEnd;
  }
}

function isUnwritten(bytes: Buffer, offset: number): boolean {
  return bytes.subarray(offset, offset + logHeaderSizeBytes).every((byte) => byte === 0);
}

/**
 * Tells a damaged length from a torn end. The checksum covers all but the length, so if it fits the
 * bytes up to some point before the end, then the record was whole and its length is wrong.
 */
function holdsWholeRecord(bytes: Buffer, offset: number): boolean {
  const expected = readMaskedCrc(bytes, offset);
  let state = crcStart;
  for (const byte of bytes.subarray(offset + 6)) {
    state = crcStep(state, byte);
    if (crcEnd(state) === expected) return true;
  }
  return false;
}

// --- Tables: blocks without gaps, an index of them, a footer ----------------------------------

/** Two handles, zeros, and in the last 8 bytes the magic number. */
const footerSizeBytes = 48;
const tableMagic = 0xdb47_7524_8b80_fb57n;
/** After each block: its compression (1 byte) and a masked CRC32C (4) over block and compression. */
const trailerSizeBytes = 5;

/** Where a block stands, without its trailer. */
type Handle = { readonly offset: number; readonly sizeBytes: number };

function checkTable(bytes: Buffer, sizeBytes: number): void {
  if (bytes.length !== sizeBytes) {
    throw new Damage(`has ${bytes.length} bytes instead of ${sizeBytes}`);
  }
  const footerStart = bytes.length - footerSizeBytes;
  if (footerStart < 0 || bytes.readBigUInt64LE(bytes.length - 8) !== tableMagic) {
    throw new Damage("does not end as a table");
  }
  const footer = new Cursor(bytes.subarray(footerStart, bytes.length - 8));
  const metaindex = footer.readHandle();
  const index = footer.readHandle();
  if (footer.readRest().some((byte) => byte !== 0)) throw new Damage("has a footer without zeros");
  checkBlock(bytes, metaindex);
  checkBlock(bytes, index);

  let end = 0;
  for (const handle of readIndex(bytes, index)) {
    if (handle.offset !== end) throw new Damage(`has a gap at byte ${end}`);
    checkBlock(bytes, handle);
    end = endOf(handle);
  }
  // What stands between the last data block and the metaindex is the block of the Bloom filter.
  const filter = { offset: end, sizeBytes: metaindex.offset - end - trailerSizeBytes };
  if (metaindex.offset !== end) checkBlock(bytes, filter);
  if (endOf(metaindex) !== index.offset || endOf(index) !== footerStart) {
    throw new Damage("has a gap before its footer");
  }
}

function checkBlock(bytes: Buffer, { offset, sizeBytes }: Handle): void {
  const checked = offset + sizeBytes + 1;
  const isInside = sizeBytes >= 0 && checked + 4 <= bytes.length;
  if (!isInside || crc32c(bytes.subarray(offset, checked)) !== readMaskedCrc(bytes, checked)) {
    throw new Damage(`has a block with a wrong checksum at byte ${offset}`);
  }
}

/** The handles of all data blocks; an index entry is a shortened key and a handle. */
function* readIndex(bytes: Buffer, { offset, sizeBytes }: Handle): Generator<Handle> {
  const block = bytes.subarray(offset, offset + sizeBytes);
  if (bytes.readUInt8(offset + sizeBytes) !== 0) {
    throw new Damage("is compressed, as no table of powlab's is");
  }
  if (block.length < 4) throw new Damage("has an index that is too short");
  const restartsBytes = 4 * block.readUInt32LE(block.length - 4) + 4;
  const cursor = new Cursor(block.subarray(0, Math.max(0, block.length - restartsBytes)));
  while (!cursor.isAtEnd()) {
    cursor.readVarint(); // length of the part of the key that the entry before has too
    const keyBytes = cursor.readVarint();
    cursor.readVarint(); // length of the value, which is the handle
    cursor.skip(keyBytes);
    yield cursor.readHandle();
  }
}

function endOf(handle: Handle): number {
  return handle.offset + handle.sizeBytes + trailerSizeBytes;
}

// --- Bytes -----------------------------------------------------------------------------------

class Cursor {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  skip(lengthBytes: number): void {
    if (this.#offset + lengthBytes > this.#bytes.length) throw new Damage("ends too early");
    this.#offset += lengthBytes;
  }

  skipString(): void {
    this.skip(this.readVarint());
  }

  /** Seven bits a byte, least significant first; the top bit says that more follow. */
  readVarint(): number {
    for (let value = 0, weight = 1; ; weight *= 128) {
      const byte = this.#bytes[this.#offset];
      if (byte === undefined) throw new Damage("ends too early");
      this.#offset += 1;
      value += (byte & 127) * weight;
      if (!Number.isSafeInteger(value)) throw new Damage("has a number that is too large");
      if (byte < 128) return value;
    }
  }

  readRest(): Buffer {
    return this.#bytes.subarray(this.#offset);
  }

  readHandle(): Handle {
    return { offset: this.readVarint(), sizeBytes: this.readVarint() };
  }
}

// CRC-32C (Castagnoli), reflected; Node's zlib has only the other CRC-32.
const crcPolynomial = 0x82f6_3b78;
const crcStart = -1;
const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let state = byte;
  for (let bit = 0; bit < 8; bit += 1) state = (state >>> 1) ^ (state & 1 ? crcPolynomial : 0);
  return state;
});

function crc32c(bytes: Uint8Array): number {
  let state = crcStart;
  for (const byte of bytes) state = crcStep(state, byte);
  return crcEnd(state);
}

function crcStep(state: number, byte: number): number {
  return (crcTable[(state ^ byte) & 255] ?? 0) ^ (state >>> 8);
}

function crcEnd(state: number): number {
  return ~state >>> 0;
}

/** LevelDB turns and shifts the checksums that it stores, so that data may hold checksums too. */
function readMaskedCrc(bytes: Buffer, offset: number): number {
  const turned = (bytes.readUInt32LE(offset) - 0xa282_ead8) >>> 0;
  return ((turned >>> 17) | (turned << 15)) >>> 0;
}
