/** Keys as other wallets import them: descriptors with their checksum, and WIF. */

import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";

const characters =
  "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
const checksumCharacters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const checksumLength = 8;
const symbolBits = 5n;
const generators = [
  0xf5dee51989n,
  0xa9fdca3312n,
  0x1bab10e32dn,
  0x3706b1677an,
  0x644d626ffdn,
] as const;
const topShift = 35n;
const restMask = (1n << topShift) - 1n;

/**
 * The descriptor with its checksum behind it.
 *
 * @throws RangeError if it has a character that no descriptor has.
 * @see BIP380
 */
export function withChecksum(descriptor: string): string {
  const places = Array.from(descriptor, (character) => {
    const place = characters.indexOf(character);
    if (place < 0) throw new RangeError(`no descriptor has the character ${character}`);
    return place;
  });
  // The low bits of each character are a symbol; three characters' high parts make one more.
  const symbols: number[] = [];
  let group: number[] = [];
  for (const place of places) {
    symbols.push(place & 31);
    group.push(place >> 5);
    if (group.length < 3) continue;
    symbols.push(partsOf(group));
    group = [];
  }
  if (group.length > 0) symbols.push(partsOf(group));
  const sum = checksumOf([...symbols, ...new Array<number>(checksumLength).fill(0)]) ^ 1n;
  const text = Array.from({ length: checksumLength }, (_, i) => {
    const shift = symbolBits * BigInt(checksumLength - 1 - i);
    return checksumCharacters[Number((sum >> shift) & 31n)];
  });
  return `${descriptor}#${text.join("")}`;
}

/** Numbers from 0 to 2 as digits of base 3. */
function partsOf(group: readonly number[]): number {
  return group.reduce((sum, part) => sum * 3 + part, 0);
}

function checksumOf(symbols: readonly number[]): bigint {
  let sum = 1n;
  for (const symbol of symbols) {
    const top = sum >> topShift;
    sum = ((sum & restMask) << symbolBits) ^ BigInt(symbol);
    for (const [i, generator] of generators.entries()) {
      if ((top >> BigInt(i)) & 1n) sum ^= generator;
    }
  }
  return sum;
}

/** @see Bitcoin Core, base58Prefixes[SECRET_KEY] of its test networks */
const testSecretPrefix = 0xef;
const compressedMark = 0x01;

/** A secret key of a test network, in the form that wallets import. @param secretKey 32 bytes. */
export function encodeWif(secretKey: Uint8Array): string {
  const bytes = Uint8Array.of(testSecretPrefix, ...secretKey, compressedMark);
  return createBase58check(sha256).encode(bytes);
}
