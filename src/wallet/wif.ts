/** Secret keys as other wallets import them. */

import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";

/** @see Bitcoin Core, base58Prefixes[SECRET_KEY] of its test networks */
const testSecretPrefix = 0xef;
const compressedMark = 0x01;

/** A secret key of a test network, in the form that wallets import. @param secretKey 32 bytes. */
export function encodeWif(secretKey: Uint8Array): string {
  const bytes = Uint8Array.of(testSecretPrefix, ...secretKey, compressedMark);
  return createBase58check(sha256).encode(bytes);
}
