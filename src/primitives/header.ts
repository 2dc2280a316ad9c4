/** A block header: 80 bytes that name a parent, commit to transactions and prove work. */

import type { BlockHash, CompactTarget } from "./brand.ts";
import { ByteWriter, decodeWhole, type ByteReader, type Malformed } from "./bytes.ts";
import { displayHash, hashBytes, sha256d } from "./hash.ts";
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
  writer.int32(header.version);
  writer.bytes(hashBytes(header.previous)).bytes(hashBytes(header.merkleRoot));
  return writer.uint32(header.time).uint32(header.bits).uint32(header.nonce);
}

export function readHeader(reader: ByteReader): Header {
  return {
    version: reader.int32(),
    previous: displayHash<BlockHash>(reader.bytes(32)),
    merkleRoot: displayHash(reader.bytes(32)),
    time: reader.uint32(),
    bits: reader.uint32() as CompactTarget,
    nonce: reader.uint32(),
  };
}

export function decodeHeader(bytes: Uint8Array): Verdict<Header, Malformed> {
  return decodeWhole(bytes, readHeader);
}

const hashes = new WeakMap<Header, BlockHash>();

/** The header's hash, which is the block's name. It is computed once for each header object. */
export function blockHash(header: Header): BlockHash {
  let hash = hashes.get(header);
  if (hash === undefined) {
    hash = displayHash<BlockHash>(writeHeader(new ByteWriter(), header).read(sha256d));
    hashes.set(header, hash);
  }
  return hash;
}
