/** Searches the nonces of a block header for a proof of work: the interface, and its form in plain JavaScript. */

import { sha256 } from "@noble/hashes/sha2.js";
import { hashSizeBytes, headerSizeBytes } from "../../primitives/hashing.ts";
import { nonceOffsetBytes } from "../../primitives/header.ts";

export const targetSizeBytes = 32;
/** A nonce is an unsigned 32-bit integer. */
export const nonceCount = 2 ** 32;

/** What SHA-256 compresses at a time: all of a header that comes before its last 16 bytes. */
const blockSizeBytes = 64;

/** Searches nonces. One instance for each worker; synchronous. */
export interface Hasher {
  /** What people see of it, such as "wasm-simd". */
  readonly name: string;
  /**
   * Begins with another header: what all its nonces have in common is computed here, once.
   *
   * @param header 80 bytes; its nonce is ignored.
   * @param target 32 bytes, big-endian.
   */
  prepare(header: Uint8Array, target: Uint8Array): void;
  /**
   * The first nonce from `start` to `start + count - 1` whose double SHA-256, read as a
   * little-endian number, is at most the target.
   *
   * @throws RangeError if the range leaves the unsigned 32-bit integers.
   */
  search(start: number, count: number): number | undefined;
}

export function createJavaScriptHasher(): Hasher {
  return new JavaScriptHasher();
}

/** Bitcoin's genesis header: the proof of work that everybody can look up. */
const genesisHeader = Uint8Array.from(
  Buffer.from(
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd" +
      "7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c",
    "hex",
  ),
);
/** nBits 1d00ffff of the same block. */
const genesisTarget = Uint8Array.from(Buffer.from(`00000000ffff${"00".repeat(26)}`, "hex"));
const genesisNonce = 2_083_236_893;
/** The widest vector that a hasher may have (AVX-512), so that the nonce visits every lane. */
const lanesMax = 16;

/** Whether a hasher finds the nonce of Bitcoin's genesis block in every lane, and none where there is none. */
export function proveHasher(hasher: Hasher): boolean {
  const header = genesisHeader.slice();
  header.fill(0, nonceOffsetBytes);
  hasher.prepare(header, genesisTarget);
  for (let before = 0; before < lanesMax; before++) {
    const start = genesisNonce - before;
    if (hasher.search(start, before) !== undefined) return false;
    if (hasher.search(start, before + 1) !== genesisNonce) return false;
    if (hasher.search(start, lanesMax) !== genesisNonce) return false;
  }
  return hasher.search(genesisNonce + 1, lanesMax) === undefined;
}

/** @throws RangeError if a header or a target has not its one size. */
export function checkSizes(header: Uint8Array, target: Uint8Array): void {
  if (header.length !== headerSizeBytes) {
    throw new RangeError(`a header has ${headerSizeBytes} bytes, not ${header.length}`);
  }
  if (target.length !== targetSizeBytes) {
    throw new RangeError(`a target has ${targetSizeBytes} bytes, not ${target.length}`);
  }
}

/** @throws RangeError if the nonces are not all unsigned 32-bit integers. */
export function checkRange(start: number, count: number): void {
  const end = start + count;
  if (start < 0 || count < 0 || end > nonceCount) {
    throw new RangeError(`nonces ${start} to ${end - 1} are not all unsigned 32-bit integers`);
  }
}

class JavaScriptHasher implements Hasher {
  readonly name = "js";
  readonly #fresh = sha256.create();
  readonly #midstate = sha256.create();
  /** Overwritten for each nonce: making a hash object anew costs more than the hashing. */
  readonly #working = sha256.create();
  readonly #hash = new Uint8Array(hashSizeBytes);
  readonly #tail = new Uint8Array(headerSizeBytes - blockSizeBytes);
  readonly #tailView = new DataView(this.#tail.buffer);
  /** In the order of the hash's bytes, least significant first. */
  readonly #target = new Uint8Array(targetSizeBytes);

  prepare(header: Uint8Array, target: Uint8Array): void {
    checkSizes(header, target);
    this.#fresh._cloneInto(this.#midstate).update(header.subarray(0, blockSizeBytes));
    this.#tail.set(header.subarray(blockSizeBytes));
    this.#target.set(target);
    this.#target.reverse();
  }

  search(start: number, count: number): number | undefined {
    checkRange(start, count);
    const end = start + count;
    for (let nonce = start; nonce < end; nonce++) {
      this.#hashWith(nonce);
      if (this.#isHashAtMostTarget()) return nonce;
    }
    return undefined;
  }

  #hashWith(nonce: number): void {
    this.#tailView.setUint32(nonceOffsetBytes - blockSizeBytes, nonce, true);
    this.#midstate._cloneInto(this.#working).update(this.#tail).digestInto(this.#hash);
    this.#fresh._cloneInto(this.#working).update(this.#hash).digestInto(this.#hash);
  }

  #isHashAtMostTarget(): boolean {
    const hash = this.#hash;
    const target = this.#target;
    for (let index = hashSizeBytes - 1; index >= 0; index--) {
      const difference = (hash[index] ?? 0) - (target[index] ?? 0);
      if (difference !== 0) return difference < 0;
    }
    return true;
  }
}
