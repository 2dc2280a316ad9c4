/** A block header: 80 bytes that name a parent, commit to transactions and prove work. */

import type { BlockHash, CompactTarget } from "./brand.ts";
import { ByteWriter, decodeWhole, reversedHex, type ByteReader, type Malformed } from "./bytes.ts";
import { displayHash, sha256d } from "./hash.ts";
import { currentHashing, hashSizeBytes } from "./hashing.ts";
import type { Verdict } from "./verdict.ts";

export type Header = {
  /** A signed 32-bit integer. */
  readonly version: number;
  readonly previous: BlockHash;
  /** In display order, like every hash. */
  readonly merkleRoot: string;
  /** Seconds since 1970, unsigned 32 bits. */
  readonly time: number;
  readonly bits: CompactTarget;
  readonly nonce: number;
};

export const headerSizeBytes = 80;

export function encodeHeader(header: Header): Uint8Array {
  return writeHeader(new ByteWriter(), header).finish();
}

function writeHeader(writer: ByteWriter, header: Header): ByteWriter {
  writer.int32(header.version).hash(header.previous).hash(header.merkleRoot);
  return writer.uint32(header.time).uint32(header.bits).uint32(header.nonce);
}

/** A header that came as bytes. It knows its hash, which does not spread into changed copies. */
class DecodedHeader implements Header {
  readonly version: number;
  readonly previous: BlockHash;
  readonly merkleRoot: string;
  readonly time: number;
  readonly bits: CompactTarget;
  readonly nonce: number;
  readonly #hash: BlockHash;

  constructor(reader: ByteReader, previous: BlockHash, merkleRoot: string, hash: BlockHash) {
    this.version = reader.int32();
    this.previous = previous;
    this.merkleRoot = merkleRoot;
    reader.skip(2 * hashSizeBytes);
    this.time = reader.uint32();
    this.bits = reader.uint32() as CompactTarget;
    this.nonce = reader.uint32();
    this.#hash = hash;
  }

  static hashOf(header: Header): BlockHash | undefined {
    return #hash in header ? header.#hash : undefined;
  }
}

export function readHeader(reader: ByteReader): Header {
  return readHeaders(reader, 1)[0] as Header;
}

const previousOffsetBytes = 4;
const merkleRootOffsetBytes = previousOffsetBytes + hashSizeBytes;

/** Reads headers that stand one after the other; they are hashed all at once. */
export function readHeaders(reader: ByteReader, count: number): Header[] {
  const bytes = reader.peek(count * headerSizeBytes);
  const hashing = currentHashing();
  const hashes = hashing.hashHeaders(bytes);
  const [start, stride] = [merkleRootOffsetBytes, headerSizeBytes];
  const rootDigits = hashing.showHashes({ bytes, start, stride, count });
  const hashDigits = hashing.showHashes({ bytes: hashes, start: 0, stride: hashSizeBytes, count });
  const headers: Header[] = [];
  let last: BlockHash | undefined;
  for (let position = 0; position < count; position++) {
    const hash = digitsAt(hashDigits, position) as BlockHash;
    // A hash and the child's link to it share one string: less to make, to keep and to compare.
    const isChild = last !== undefined && isLinked(bytes, hashes, position);
    const link = position * headerSizeBytes + previousOffsetBytes;
    const previous = isChild && last !== undefined ? last : (reversedHex(bytes, link) as BlockHash);
    headers.push(new DecodedHeader(reader, previous, digitsAt(rootDigits, position), hash));
    last = hash;
  }
  return headers;
}

function digitsAt(digits: string, position: number): string {
  return digits.slice(2 * hashSizeBytes * position, 2 * hashSizeBytes * (position + 1));
}

/** Whether the header at `position` names the hash of the one before it. */
function isLinked(headers: Uint8Array, hashes: Uint8Array, position: number): boolean {
  const link = position * headerSizeBytes + previousOffsetBytes;
  const hash = (position - 1) * hashSizeBytes;
  for (let i = 0; i < hashSizeBytes; i++) if (headers[link + i] !== hashes[hash + i]) return false;
  return true;
}

export function decodeHeader(bytes: Uint8Array): Verdict<Header, Malformed> {
  return decodeWhole(bytes, readHeader);
}

/** Of headers that were made here. */
const hashes = new WeakMap<Header, BlockHash>();

/** The header's hash, which is the block's name. It is computed once for each header object. */
export function blockHash(header: Header): BlockHash {
  let hash = DecodedHeader.hashOf(header) ?? hashes.get(header);
  if (hash === undefined) {
    hash = displayHash<BlockHash>(writeHeader(new ByteWriter(), header).read(sha256d));
    hashes.set(header, hash);
  }
  return hash;
}
