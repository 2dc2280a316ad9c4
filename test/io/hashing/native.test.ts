/** The hashes of the Rust part, which validation uses, against node:crypto and the core. */

import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { loadNative, type Native, type NativeVariant } from "../../../src/io/hashing/native.ts";
import type { CompactTarget } from "../../../src/primitives/brand.ts";
import { displayHash, taggedHash } from "../../../src/primitives/hash.ts";
import { merkleRoot } from "../../../src/primitives/merkle.ts";
import { decodeCompact, hashNumber } from "../../../src/primitives/target.ts";

const hashSizeBytes = 32;
const variants: readonly NativeVariant[] = ["simd", "scalar"];

function sha256(...parts: Uint8Array[]): Buffer {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

function sha256d(...parts: Uint8Array[]): Buffer {
  return sha256(sha256(...parts));
}

/** Puts data into a module's memory, one after the other, and remembers where. */
class Writer {
  readonly #native: Native;
  #end: number;

  constructor(native: Native) {
    this.#native = native;
    this.#end = native.heapStart;
  }

  /** The address of room for so many bytes. */
  room(sizeBytes: number): number {
    const address = Math.ceil(this.#end / 4) * 4;
    this.#end = address + sizeBytes;
    this.#native.reserve(this.#end - this.#native.heapStart);
    return address;
  }

  bytes(bytes: Uint8Array): number {
    const address = this.room(bytes.length);
    this.#memory.set(bytes, address);
    return address;
  }

  words(words: readonly number[]): number {
    return this.bytes(new Uint8Array(Uint32Array.from(words).buffer));
  }

  read(address: number, sizeBytes: number): Buffer {
    return Buffer.from(this.#memory.slice(address, address + sizeBytes));
  }

  get #memory(): Uint8Array {
    return this.#native.reserve(0);
  }
}

function hashesAt(writer: Writer, address: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) =>
    writer.read(address + i * hashSizeBytes, hashSizeBytes),
  );
}

type Method = (pieces: number, pieceCounts: number, count: number, hashes: number) => void;

/** Hashes messages that are given in pieces. */
function hashMessages(
  writer: Writer,
  messages: readonly (readonly Uint8Array[])[],
  method: Method,
): Buffer[] {
  const places = messages.flat().flatMap((piece) => [writer.bytes(piece), piece.length]);
  const pieces = writer.words(places);
  const pieceCounts = writer.words(messages.map((message) => message.length));
  const hashes = writer.room(messages.length * hashSizeBytes);
  method(pieces, pieceCounts, messages.length, hashes);
  return hashesAt(writer, hashes, messages.length);
}

function hashHeaders(native: Native, headers: readonly Uint8Array[]): Buffer[] {
  const writer = new Writer(native);
  const address = writer.bytes(Buffer.concat(headers));
  const hashes = writer.room(headers.length * hashSizeBytes);
  native.exports.hash_headers(address, headers.length, hashes);
  return hashesAt(writer, hashes, headers.length);
}

/** Messages of every length around the sizes where padding changes, cut anywhere. */
function messagesOfAllLengths(): Buffer[][] {
  return Array.from({ length: 300 }, (_, length) => {
    const bytes = randomBytes(length);
    const cuts = [randomBytes(1)[0]! % (length + 1), randomBytes(1)[0]! % (length + 1)];
    const [first, second] = cuts.sort((one, other) => one - other) as [number, number];
    return [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
  });
}

describe.each(variants)("the %s module", (variant) => {
  test("computes as many hashes at a time as it should", () => {
    expect(loadNative(variant).exports.lanes()).toBe(variant === "simd" ? 4 : 1);
  });

  test("hashes any number of headers", () => {
    const native = loadNative(variant);
    for (const count of [0, 1, 2, 3, 4, 5, 7, 8, 500]) {
      const headers = Array.from({ length: count }, () => randomBytes(80));
      expect(hashHeaders(native, headers)).toEqual(headers.map((header) => sha256d(header)));
    }
  });

  test("finds the first header that its hash does not prove, for any bits", () => {
    const native = loadNative(variant);
    const lengths = [0, 1, 2, 3, 4, 29, 30, 31, 32, 33, 34, 35, 255];
    const mantissas = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7f_ffff, 0x80_0000, 0xff_ffff];
    for (const bits of lengths.flatMap((length) => mantissas.map((m) => length * 2 ** 24 + m))) {
      const header = randomBytes(80);
      header.writeUInt32LE(bits, 72);
      const writer = new Writer(native);
      const hash = sha256d(header);
      const addresses = [writer.bytes(header), writer.bytes(hash)] as const;
      const { target, isNegative, isOverflow } = decodeCompact(bits as CompactTarget);
      const isTarget = !isNegative && !isOverflow && target > 0n;
      const isProven = isTarget && hashNumber(displayHash(hash)) <= target;
      const proven = native.exports.find_unproven(...addresses, 1);
      expect(proven, `bits ${bits.toString(16)}`).toBe(isProven ? 1 : 0);
    }
  });

  test("shows hashes that lie anywhere, and parses what it showed", () => {
    const native = loadNative(variant);
    for (const [count, stride] of [
      [0, 32],
      [1, 80],
      [100, 80],
      [33, 32],
    ] as const) {
      const bytes = randomBytes(count * stride + 4);
      const writer = new Writer(native);
      const digits = writer.room(count * 2 * hashSizeBytes);
      native.exports.show_hashes(writer.bytes(bytes) + 4, stride, count, digits);
      const hashes = Array.from({ length: count }, (_, i) =>
        bytes.subarray(4 + i * stride, 4 + i * stride + hashSizeBytes),
      );
      const shown = writer.read(digits, count * 2 * hashSizeBytes).toString("latin1");
      expect(shown).toBe(hashes.map((hash) => displayHash(hash)).join(""));
      const parsed = writer.room(count * hashSizeBytes);
      native.exports.parse_hashes(digits, count, parsed);
      expect(hashesAt(writer, parsed, count)).toEqual(hashes);
    }
  });

  test("finds the same merkle roots and mutations as the core", () => {
    const native = loadNative(variant);
    for (let count = 1; count <= 40; count++) {
      const leaves = Array.from({ length: count }, () => randomBytes(hashSizeBytes));
      if (count % 7 === 2) leaves[count - 2]!.copy(leaves[count - 1]!);
      const writer = new Writer(native);
      const address = writer.bytes(Buffer.concat(leaves));
      const isMutated = native.exports.merkle_root(address, count) === 1;
      const root = displayHash(writer.read(address, hashSizeBytes));
      expect({ root, isMutated }).toEqual(merkleRoot(leaves.map((leaf) => displayHash(leaf))));
    }
  });

  test("hashes messages of any length, in pieces, once and twice", () => {
    const native = loadNative(variant);
    const messages = messagesOfAllLengths();
    const once = hashMessages(new Writer(native), messages, native.exports.hash_once);
    expect(once).toEqual(messages.map((message) => sha256(...message)));
    const twice = hashMessages(new Writer(native), messages, native.exports.hash_twice);
    expect(twice).toEqual(messages.map((message) => sha256d(...message)));
  });

  test("hashes with a tag as BIP340 says", () => {
    const native = loadNative(variant);
    const messages = messagesOfAllLengths();
    const writer = new Writer(native);
    const tag = writer.bytes(sha256(Buffer.from("TapSighash")));
    const hashes = hashMessages(writer, messages, (...places) =>
      native.exports.hash_tagged(tag, ...places),
    );
    const expected = messages.map((message) => taggedHash("TapSighash", ...message));
    expect(hashes).toEqual(expected.map((hash) => Buffer.from(hash)));
  });

  test("hashes no messages, and messages without pieces", () => {
    const native = loadNative(variant);
    expect(hashMessages(new Writer(native), [], native.exports.hash_twice)).toEqual([]);
    const empty = hashMessages(new Writer(native), [[], [], []], native.exports.hash_once);
    expect(empty).toEqual([sha256(), sha256(), sha256()]);
  });
});
