/** SHA-256 in the forms Bitcoin uses, and hashes as text. */

import type { BlockHash, Txid } from "./brand.ts";
import { ByteWriter, type Malformed, malformed, parseHex, reversedHex } from "./bytes.ts";
import { currentHashing, type HashMethod, hashSizeBytes } from "./hashing.ts";
import { valid, type Verdict } from "./verdict.ts";

const digitsOfHash = 2 * hashSizeBytes;

export function sha256(bytes: Uint8Array): Uint8Array {
  return hashOne("once", bytes);
}

/** SHA-256 applied twice: block hashes, transaction ids and merkle trees. */
export function sha256d(bytes: Uint8Array): Uint8Array {
  return hashOne("twice", bytes);
}

const tagMethods = new Map<string, HashMethod>();

/** BIP340's hash with a name: sha256(sha256(tag) ‖ sha256(tag) ‖ message). */
export function taggedMethod(tag: string): HashMethod {
  let method = tagMethods.get(tag);
  if (method === undefined) {
    method = { tag: sha256(Uint8Array.from(tag, (letter) => letter.charCodeAt(0))) };
    tagMethods.set(tag, method);
  }
  return method;
}

/** The tagged hash of a message that comes in parts. */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter();
  for (const part of parts) writer.bytes(part);
  return writer.read((bytes) => hashOne(taggedMethod(tag), bytes));
}

function hashOne(method: HashMethod, bytes: Uint8Array): Uint8Array {
  const messages = { bytes, pieces: [0, bytes.length], pieceCounts: [1] };
  return currentHashing().hashMessages(method, messages);
}

/**
 * Hashes many messages at once: `write` writes them one after the other, and calls `end` behind
 * each. Answers 32 bytes for each, one after the other.
 */
export function hashWritten(
  method: HashMethod,
  write: (writer: ByteWriter, end: () => void) => void,
): Uint8Array {
  const writer = new ByteWriter();
  const pieces: number[] = [];
  const pieceCounts: number[] = [];
  let start = 0;
  write(writer, () => {
    pieces.push(start, writer.length - start);
    pieceCounts.push(1);
    start = writer.length;
  });
  return writer.read((bytes) =>
    currentHashing().hashMessages(method, { bytes, pieces, pieceCounts }),
  );
}

/**
 * 32 bytes in hashing order to 64 digits in display order, which is the reverse.
 *
 * @param position which of many hashes, one after the other.
 */
export function displayHash<H extends BlockHash | Txid>(bytes: Uint8Array, position = 0): H {
  return reversedHex(bytes, position * hashSizeBytes) as H;
}

/** The same for many hashes, one after the other: their digits are made all at once. */
export function displayHashes<H extends BlockHash | Txid>(bytes: Uint8Array): H[] {
  const count = bytes.length / hashSizeBytes;
  const digits = currentHashing().showHashes({ bytes, start: 0, stride: hashSizeBytes, count });
  return Array.from({ length: count }, (_, position) => digitsAt(digits, position) as H);
}

/** One of many hashes whose digits stand one after the other. */
export function digitsAt(digits: string, position: number): string {
  return digits.slice(digitsOfHash * position, digitsOfHash * (position + 1));
}

/** 64 digits in display order to 32 bytes in hashing order. */
export function hashBytes(hash: string): Uint8Array {
  return parseHex(hash).reverse();
}

const hashPattern = /^[0-9a-f]{64}$/;

/** Reads a hash as people type it: exactly 64 hex digits. */
export function parseHash<H extends BlockHash | Txid>(text: string): Verdict<H, Malformed> {
  const hash = text.toLowerCase();
  if (hashPattern.test(hash)) return valid(hash as H);
  return malformed(`a hash has 64 hex digits, this has ${text.length} characters`);
}

/** The hash that stands for "no block" and "no transaction". */
export const zeroHash = "00".repeat(32);
