/** Repeatable random numbers: the port that all code draws from, and its seeded implementation. */

import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** A stream of random draws. It is for simulation and scheduling, never for keys. */
export interface Random {
  /** A whole number from 0 to 2^32 − 1. */
  nextUint32(): number;
  /** A number in [0, 1) with 53 random bits. */
  nextFloat(): number;
  /** A whole number from 0 to `bound` − 1, each equally likely; `bound` is 1 to 2^32. */
  nextBelow(bound: number): number;
  /** A waiting time of the given mean without memory, such as the one for the next block. */
  nextExponential(mean: number): number;
  nextBytes(length: number): Uint8Array;
  /** One of the items, each equally likely; there must be at least one. */
  pick<T>(items: readonly T[]): T;
  /**
   * The stream of this name below this one. It depends on seed and names only, not on what was
   * drawn before: so one more draw for one purpose leaves all others as they were.
   */
  fork(name: string): Random;
}

/** Four unsigned 32-bit words, not all of them zero. */
export type Xoshiro128State = readonly [number, number, number, number];

const uint32Count = 2 ** 32;

/**
 * The stream that belongs to a seed: equal arguments give equal draws on every machine.
 *
 * @param seed a number is read as its decimal text, so 7 and "7" are the same seed.
 * @param stream names joined by "/", as forks join them; empty for the root.
 */
export function createRandom(seed: number | string, stream = ""): Random {
  return new SeededRandom(String(seed), stream);
}

/**
 * The generator xoshiro128**, version 1.1: period 2^128 − 1, four words of state.
 *
 * @see Blackman & Vigna, Scrambled Linear Pseudorandom Number Generators, 2021;
 *   https://prng.di.unimi.it/xoshiro128starstar.c
 */
export class Xoshiro128 {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** @throws RangeError if all words are zero: it would draw nothing but zeros. */
  constructor(state: Xoshiro128State) {
    if (state.every((word) => word === 0)) throw new RangeError("state must not be all zeros");
    [this.a, this.b, this.c, this.d] = state;
  }

  nextUint32(): number {
    const drawn = Math.imul(rotateLeft(Math.imul(this.b, 5), 7), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = rotateLeft(this.d, 11);
    return drawn;
  }
}

class SeededRandom implements Random {
  private readonly seed: string;
  private readonly stream: string;
  private readonly generator: Xoshiro128;

  constructor(seed: string, stream: string) {
    this.seed = seed;
    this.stream = stream;
    this.generator = new Xoshiro128(stateOf(seed, stream));
  }

  nextUint32(): number {
    return this.generator.nextUint32();
  }

  nextFloat(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  nextBelow(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > uint32Count) {
      throw new RangeError(`bound must be a whole number from 1 to 2^32, got ${bound}`);
    }
    // Draws above the last whole multiple of the bound would favour small numbers: draw again.
    const fairMax = uint32Count - (uint32Count % bound);
    let drawn = this.nextUint32();
    while (drawn >= fairMax) drawn = this.nextUint32();
    return drawn % bound;
  }

  nextExponential(mean: number): number {
    if (!(mean >= 0 && mean < Infinity)) {
      throw new RangeError(`mean must be finite and not negative, got ${mean}`);
    }
    return mean * -Math.log1p(-this.nextFloat());
  }

  nextBytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const word = this.nextUint32();
      for (let byte = 0; byte < 4; byte++) bytes[at + byte] = word >>> (8 * byte);
    }
    return bytes;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("items must not be empty");
    return items[this.nextBelow(items.length)] as T;
  }

  fork(name: string): Random {
    return new SeededRandom(this.seed, this.stream === "" ? name : `${this.stream}/${name}`);
  }
}

/** Hashed, because the generator starts badly from states with few bits set. */
function stateOf(seed: string, stream: string): Xoshiro128State {
  const digest = sha256(utf8ToBytes(JSON.stringify([seed, stream])));
  const words = new DataView(digest.buffer, digest.byteOffset);
  return [words.getUint32(0), words.getUint32(4), words.getUint32(8), words.getUint32(12)];
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
