/**
 * A hash of a set of coins that does not depend on their order.
 *
 * @see Bitcoin Core, MuHash3072
 */

import { createCipheriv } from "node:crypto";
import { displayHash, sha256 } from "../../primitives/hash.ts";

const sizeBytes = 384;
/** The largest prime of 3072 bits. */
const modulus = 2n ** 3072n - 1_103_717n;
const noNonce = new Uint8Array(16);
const zeros = new Uint8Array(sizeBytes);

export class MuHash {
  #product = 1n;

  /** @param coin its name and its record, as in `hash_serialized_3`. */
  add(coin: Uint8Array): void {
    this.#product = (this.#product * numberOf(coin)) % modulus;
  }

  /** In display order. */
  finish(): string {
    const digits = this.#product.toString(16).padStart(2 * sizeBytes, "0");
    return displayHash(sha256(new Uint8Array(Buffer.from(digits, "hex").reverse())));
  }
}

/** 384 bytes of ChaCha20 whose key is the coin's hash, the lowest first. */
function numberOf(coin: Uint8Array): bigint {
  const stream = createCipheriv("chacha20", sha256(coin), noNonce).update(zeros);
  return BigInt(`0x${stream.reverse().toString("hex")}`);
}
