/** Finds addresses by how they begin. */

import { encodeWitnessAddress } from "../../primitives/address.ts";
import type { KnownKeys } from "./known-keys.ts";

export type AddressSearch = {
  /** How the addresses begin. */
  readonly prefix: string;
  /** What all addresses of the network begin with. */
  readonly network: string;
  readonly countMax: number;
};

/** Addresses that the active branch touched. */
export async function addressesBeginningWith(
  knownKeys: KnownKeys,
  { prefix, network, countMax }: AddressSearch,
): Promise<string[]> {
  const digits = digitsOf(prefix, `${network}1p`);
  if (digits === undefined) return [];
  const found: string[] = [];
  for await (const program of knownKeys.beginningWith(digits)) {
    const address = encodeWitnessAddress({ prefix: network, version: 1, program });
    if (address.startsWith(prefix)) found.push(address);
    if (found.length >= countMax) break;
  }
  return found;
}

const digitsMax = 64;
const bitsOfLetter = 5;
const bitsOfDigit = 4;
const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/**
 * The hex digits with which a key must begin so that its address may begin with the prefix; undefined
 * if none does.
 */
function digitsOf(prefix: string, taproot: string): string | undefined {
  if (taproot.startsWith(prefix)) return "";
  if (!prefix.startsWith(taproot)) return undefined;
  const words = Array.from(prefix.slice(taproot.length), (letter) => letters.indexOf(letter));
  if (words.includes(-1)) return undefined;
  const bits = words.map((word) => word.toString(2).padStart(bitsOfLetter, "0")).join("");
  const count = Math.min(digitsMax, Math.floor(bits.length / bitsOfDigit));
  const digits = Array.from({ length: count }, (_, i) =>
    Number.parseInt(bits.slice(bitsOfDigit * i, bitsOfDigit * (i + 1)), 2).toString(16),
  );
  return digits.join("");
}
