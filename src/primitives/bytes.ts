/** Bytes read and written in Bitcoin's serialisation: little-endian, counts as CompactSize. */

import { broken, valid, type Verdict } from "./verdict.ts";

/** Says why bytes or hex digits are not what they should be. */
export type Malformed = { readonly rule: "malformed"; readonly reason: string };

class MalformedError extends Error {}

/** Lower-case hex digits, two a byte. */
export function bytesToHex(bytes: Uint8Array): string {
  const pairs = new Uint16Array(bytes.length);
  for (let i = 0; i < pairs.length; i++) pairs[i] = digitPairs[bytes[i] as number] as number;
  return ascii.decode(pairs);
}

const hexPattern = /^(?:[0-9a-fA-F]{2})*$/;

/** Reads hex digits of either case; an odd number of digits or another character is malformed. */
export function hexToBytes(hex: string): Verdict<Uint8Array, Malformed> {
  if (hex.length % 2 !== 0) return malformed(`odd number of hex digits (${hex.length})`);
  if (!hexPattern.test(hex)) {
    const at = hex.search(/[^0-9a-fA-F]/);
    return malformed(`not a hex digit: ${JSON.stringify(hex[at])} at position ${at}`);
  }
  return valid(parseHex(hex));
}

/** Reads hex digits that are known to be well formed, such as our own constants and hashes. */
export function parseHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = byteAt(hex, 2 * i);
  return bytes;
}

function byteAt(hex: string, position: number): number {
  return (digit(hex.charCodeAt(position)) << 4) | digit(hex.charCodeAt(position + 1));
}

/**
 * Makes a flat string in one call. Joining digits makes a chain of small strings, which costs five
 * times as much.
 */
const ascii = new TextDecoder();

/** For each byte its two digits as two characters, in memory's order. */
const digitPairs = new Uint16Array(
  Uint8Array.from(
    Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0")).join(""),
    (digit) => digit.charCodeAt(0),
  ).buffer,
);
const reversedPairs = new Uint16Array(32);

/** The digits of the 32 bytes from `start` on, the last byte first: the display order of hashes. */
export function reversedHex(bytes: Uint8Array, start: number): string {
  for (let i = 0; i < 32; i++) {
    reversedPairs[i] = digitPairs[bytes[start + 31 - i] as number] as number;
  }
  return ascii.decode(reversedPairs);
}

function digit(code: number): number {
  return code <= 57 ? code - 48 : (code | 32) - 87;
}

export function malformed(reason: string): Verdict<never, Malformed> {
  return broken({ rule: "malformed", reason });
}

/** How many bytes a count takes that is below 2^32. */
export function compactSizeBytes(count: number): number {
  return count < 0xfd ? 1 : count < 0x1_0000 ? 3 : 5;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Decodes a whole byte string with `read`: bytes left over, or too few, are malformed.
 */
export function decodeWhole<T>(
  bytes: Uint8Array,
  read: (reader: ByteReader) => T,
): Verdict<T, Malformed> {
  const reader = new ByteReader(bytes);
  try {
    const value = read(reader);
    reader.end();
    return valid(value);
  } catch (error) {
    if (error instanceof MalformedError) return malformed(error.message);
    throw error;
  }
}

/** Shared, because there is nothing in it that could be changed. */
const noBytes = new Uint8Array();

/** Reads from the front; whatever is malformed throws, and `decodeWhole` turns it into a verdict. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  /** Made with the first number that needs it: small messages have none. */
  #lateView: DataView | undefined;
  #position = 0;

  constructor(bytes: Uint8Array) {
    // A Buffer's `slice` would share memory; a plain array's copies.
    this.#bytes = bytes.constructor === Uint8Array ? bytes : plainView(bytes);
  }

  get #view(): DataView {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    return (this.#lateView ??= new DataView(buffer, byteOffset, byteLength));
  }

  get position(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  uint8(): number {
    return this.#bytes[this.#advance(1)] as number;
  }

  /** Without the view: to ask a small array for its buffer costs more than all else here. */
  uint16(): number {
    const at = this.#advance(2);
    return (this.#bytes[at] as number) | ((this.#bytes[at + 1] as number) << 8);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** A signed 64-bit integer; beyond ±(2^53 − 1), which no amount reaches, it is malformed. */
  int64(): number {
    const at = this.#advance(8);
    const value = this.#view.getUint32(at, true) + this.#view.getInt32(at + 4, true) * 2 ** 32;
    if (!Number.isSafeInteger(value)) this.fail("64-bit number out of range");
    return value;
  }

  /** An unsigned 64-bit integer; above 2^53 − 1, which no amount or count reaches, is malformed. */
  uint64(): number {
    const at = this.#advance(8);
    const value = this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
    if (!Number.isSafeInteger(value)) this.fail("64-bit number out of range");
    return value;
  }

  /** A count in its only minimal form. */
  compactSize(): number {
    const first = this.uint8();
    if (first < 0xfd) return first;
    const value = first === 0xfd ? this.uint16() : first === 0xfe ? this.uint32() : this.uint64();
    const least = first === 0xfd ? 0xfd : first === 0xfe ? 0x1_0000 : 0x1_0000_0000;
    if (value < least) this.fail("CompactSize is not minimal");
    return value;
  }

  /** A CompactSize count of things that take at least `sizeMin` bytes each. */
  count(sizeMin: number): number {
    const count = this.compactSize();
    if (count * sizeMin > this.remaining) this.fail(`${count} items announced, but the data ends`);
    return count;
  }

  /** A copy, so that the message it came from can be freed. */
  bytes(length: number): Uint8Array {
    if (length === 0) return noBytes;
    const at = this.#advance(length);
    return this.#bytes.slice(at, at + length);
  }

  /** 32 bytes, as digits in display order: the last byte first. */
  hash<H extends string>(): H {
    return reversedHex(this.#bytes, this.#advance(32)) as H;
  }

  /** The next bytes as characters, if all are ASCII; undefined, and nothing is read, if not. */
  ascii(length: number): string | undefined {
    if (length > this.remaining) this.fail("the data ends too early");
    let text = "";
    for (let at = this.#position; at < this.#position + length; at++) {
      const byte = this.#bytes[at] as number;
      if (byte > 0x7f) return undefined;
      text += String.fromCharCode(byte);
    }
    this.#position += length;
    return text;
  }

  /** The next bytes, lent and not copied. */
  lend(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** The bytes between two positions that were passed, lent and not copied. */
  passed(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  /** Bytes with their length before them. */
  prefixed(): Uint8Array {
    return this.bytes(this.count(1));
  }

  list<T>(sizeMin: number, read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.count(sizeMin); left > 0; left--) items.push(read());
    return items;
  }

  end(): void {
    if (this.remaining > 0) this.fail(`${this.remaining} bytes after the end`);
  }

  fail(reason: string): never {
    throw new MalformedError(reason);
  }

  #advance(length: number): number {
    if (length > this.remaining) this.fail("the data ends too early");
    const at = this.#position;
    this.#position += length;
    return at;
  }
}

function plainView({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Buffers of writers that are done: making new ones costs more than filling them. */
const spareBuffers: Uint8Array[] = [];
const spareBuffersMax = 8;
const bufferSizeBytes = 4096;
const spareSizeBytesMax = 1 << 20;

/**
 * Writes to a buffer that grows, and is lent: after `finish` or `read` the writer is empty, and
 * must not be used again.
 */
export class ByteWriter {
  #bytes = spareBuffers.pop() ?? new Uint8Array(bufferSizeBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  uint16(value: number): this {
    const at = this.#grow(2);
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >>> 8;
    return this;
  }

  uint32(value: number): this {
    const at = this.#grow(4);
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >>> 8;
    this.#bytes[at + 2] = value >>> 16;
    this.#bytes[at + 3] = value >>> 24;
    return this;
  }

  /** Two's complement, so the same bytes as the unsigned number of equal bits. */
  int32(value: number): this {
    return this.uint32(value);
  }

  uint64(value: number): this {
    return this.uint32(value % 2 ** 32).uint32(Math.floor(value / 2 ** 32));
  }

  compactSize(value: number): this {
    if (value < 0xfd) return this.uint8(value);
    if (value < 0x1_0000) return this.uint8(0xfd).uint16(value);
    if (value < 0x1_0000_0000) return this.uint8(0xfe).uint32(value);
    return this.uint8(0xff).uint64(value);
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** 64 digits in display order, as 32 bytes in hashing order. */
  hash(hash: string): this {
    const at = this.#grow(32);
    for (let i = 0; i < 32; i++) this.#bytes[at + i] = byteAt(hash, 62 - 2 * i);
    return this;
  }

  prefixed(bytes: Uint8Array): this {
    return this.compactSize(bytes.length).bytes(bytes);
  }

  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.compactSize(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    const copy = this.#bytes.slice(0, this.#length);
    this.#giveBack();
    return copy;
  }

  /** Lends what was written to `reader`, which must not keep it: for hashing without a copy. */
  read<T>(reader: (bytes: Uint8Array) => T): T {
    const answer = reader(this.#bytes.subarray(0, this.#length));
    this.#giveBack();
    return answer;
  }

  #grow(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }

  #giveBack(): void {
    const isWorthKeeping = this.#bytes.length <= spareSizeBytesMax;
    if (isWorthKeeping && spareBuffers.length < spareBuffersMax) spareBuffers.push(this.#bytes);
    this.#bytes = noBytes;
    this.#length = 0;
  }
}
