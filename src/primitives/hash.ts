/** SHA-256 in the forms Bitcoin uses, and hashes as text. */

import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { malformed, parseHex, type Malformed } from "./bytes.ts";
import type { BlockHash, Txid } from "./brand.ts";
import { valid, type Verdict } from "./verdict.ts";

export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** SHA-256 applied twice: block hashes, transaction ids and merkle trees. */
export function sha256d(bytes: Uint8Array): Uint8Array {
  return nobleSha256(nobleSha256(bytes));
}

type Hasher = ReturnType<typeof nobleSha256.create>;
const tagged = new Map<string, Hasher>();

/** BIP340's hash with a name: sha256(sha256(tag) ‖ sha256(tag) ‖ parts…). */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  let prefix = tagged.get(tag);
  if (prefix === undefined) {
    const name = nobleSha256(Uint8Array.from(tag, (letter) => letter.charCodeAt(0)));
    prefix = nobleSha256.create().update(name).update(name);
    tagged.set(tag, prefix);
  }
  const hasher = prefix.clone();
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** 32 bytes in hashing order to 64 digits in display order, which is the reverse. */
export function displayHash<H extends BlockHash | Txid>(bytes: Uint8Array): H {
  let text = "";
  for (let i = 31; i >= 0; i--) text += hexOfByte[bytes[i] as number];
  return text as H;
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
