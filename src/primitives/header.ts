/** A block header: 80 bytes that name a parent, commit to transactions and prove work. */

import type { BlockHash, CompactTarget } from "./brand.ts";
import { type ByteReader, ByteWriter, decodeWhole, type Malformed, reversedHex } from "./bytes.ts";
import { digitsAt, displayHash, sha256d } from "./hash.ts";
import { currentHashing, hashSizeBytes, headerSizeBytes } from "./hashing.ts";
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

export function encodeHeader(header: Header): Uint8Array {
  return writeHeader(new ByteWriter(), header).finish();
}

function writeHeader(writer: ByteWriter, header: Header): ByteWriter {
  writer.int32(header.version).hash(header.previous).hash(header.merkleRoot);
  return writer.uint32(header.time).uint32(header.bits).uint32(header.nonce);
}

const previousOffsetBytes = 4;
const merkleRootOffsetBytes = 36;
export const timeOffsetBytes = 68;
const bitsOffsetBytes = 72;
export const nonceOffsetBytes = 76;

/** The hashes in a header, and its own. */
type Hashes = Pick<Header, "previous" | "merkleRoot"> & { readonly own: BlockHash };

/** A header that came as bytes. It knows its hash, which does not spread into changed copies. */
class DecodedHeader implements Header {
  readonly version: number;
  readonly previous: BlockHash;
  readonly merkleRoot: string;
  readonly time: number;
  readonly bits: CompactTarget;
  readonly nonce: number;
  readonly #hash: BlockHash;

  /** @param start where the header begins in `bytes`; its hashes are given as text. */
  constructor(bytes: DataView, start: number, hashes: Hashes) {
    this.version = bytes.getInt32(start, true);
    this.previous = hashes.previous;
    this.merkleRoot = hashes.merkleRoot;
    this.time = bytes.getUint32(start + timeOffsetBytes, true);
    this.bits = bytes.getUint32(start + bitsOffsetBytes, true) as CompactTarget;
    this.nonce = bytes.getUint32(start + nonceOffsetBytes, true);
    this.#hash = hashes.own;
  }

  static hashOf(header: Header): BlockHash | undefined {
    return #hash in header ? header.#hash : undefined;
  }
}

export function readHeader(reader: ByteReader): Header {
  return readHeaders(reader, 1)[0] as Header;
}

/** Reads headers that stand one after the other; they are hashed all at once. */
export function readHeaders(reader: ByteReader, count: number): Header[] {
  const bytes = reader.lend(count * headerSizeBytes);
  const hashing = currentHashing();
  const hashes = hashing.hashHeaders(bytes);
  const [start, stride] = [merkleRootOffsetBytes, headerSizeBytes];
  const rootDigits = hashing.showHashes({ bytes, start, stride, count });
  const hashDigits = hashing.showHashes({ bytes: hashes, start: 0, stride: hashSizeBytes, count });
  const [view, hashView] = [viewOf(bytes), viewOf(hashes)];
  const headers: Header[] = [];
  let last: BlockHash | undefined;
  for (let position = 0; position < count; position++) {
    const start = position * headerSizeBytes;
    const link = start + previousOffsetBytes;
    // A hash and the child's link to it share one string: less to make, to keep and to compare.
    const previous =
      last !== undefined && isSameHash(view, link, hashView, (position - 1) * hashSizeBytes)
        ? last
        : (reversedHex(bytes, link) as BlockHash);
    const merkleRoot = digitsAt(rootDigits, position);
    const own = digitsAt(hashDigits, position) as BlockHash;
    headers.push(new DecodedHeader(view, start, { previous, merkleRoot, own }));
    last = own;
  }
  return headers;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Compares 32 bytes, four at a time. */
function isSameHash(a: DataView, startA: number, b: DataView, startB: number): boolean {
  for (let i = 0; i < hashSizeBytes; i += Int32Array.BYTES_PER_ELEMENT) {
    if (a.getInt32(startA + i) !== b.getInt32(startB + i)) return false;
  }
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
