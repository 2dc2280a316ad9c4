/** Checks the seeded random source against its reference, and its draws against chance. */

import { describe, expect, test } from "vitest";
import { createRandom, type Random, Xoshiro128 } from "../../src/primitives/random.ts";

/** The chi-square of 99 degrees of freedom exceeds this once in a thousand draws. */
const chiSquareMax = 148.23;
const bucketCount = 100;
const drawCount = 100_000;

function take(count: number, random: { nextUint32(): number }): number[] {
  return Array.from({ length: count }, () => random.nextUint32());
}

/** How far the draws are from filling all buckets evenly. */
function chiSquare(drawBucket: () => number): number {
  const counts = new Array<number>(bucketCount).fill(0);
  for (let draw = 0; draw < drawCount; draw++) counts[drawBucket()]! += 1;
  const expected = drawCount / bucketCount;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("the generator", () => {
  test("gives the reference's outputs from the state 1, 2, 3, 4", () => {
    // From xoshiro128starstar.c, version 1.1; the same row is in the tests of Rust's rand_xoshiro.
    const reference = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ];
    expect(take(10, new Xoshiro128([1, 2, 3, 4]))).toEqual(reference);
  });

  test("refuses the state from which it would draw only zeros", () => {
    expect(() => new Xoshiro128([0, 0, 0, 0])).toThrow(RangeError);
  });
});

describe("seeds and streams", () => {
  test("the same seed and stream give the same draws, as a number or as text", () => {
    expect(take(20, createRandom(7, "alice"))).toEqual(take(20, createRandom("7", "alice")));
  });

  test("draws of a seed stay what they are, so that recorded seeds can be replayed", () => {
    // Computed apart: the reference generator on the first 16 bytes of SHA-256(["7",""]).
    expect(take(4, createRandom(7))).toEqual([3916580168, 1348420568, 2709995336, 1631153885]);
  });

  test("other seeds, other streams and forks all differ", () => {
    const root = createRandom(7);
    const streams: Random[] = [
      root,
      createRandom(8),
      createRandom("7 "),
      root.fork("alice"),
      root.fork("bob"),
      root.fork("alice").fork("alice"),
      createRandom("7/alice"),
    ];
    const firsts = streams.map((stream) => take(3, stream).join());
    expect(new Set(firsts).size).toBe(streams.length);
  });

  test("a fork depends on names only, not on what was drawn before", () => {
    const root = createRandom(7);
    const early = root.fork("alice").fork("latency");
    take(5, root);
    const late = root.fork("alice").fork("latency");
    const named = createRandom(7, "alice/latency");
    const expected = take(10, early);
    expect(take(10, late)).toEqual(expected);
    expect(take(10, named)).toEqual(expected);
  });
});

describe("draws", () => {
  test.each<[string, (random: Random) => number]>([
    ["high bits of words", (random) => Math.floor((random.nextUint32() / 2 ** 32) * bucketCount)],
    ["low bits of words", (random) => random.nextUint32() % bucketCount],
    ["floats", (random) => Math.floor(random.nextFloat() * bucketCount)],
    ["numbers below a bound", (random) => random.nextBelow(bucketCount)],
    [
      "numbers below 3·2^30, a quarter refused",
      (random) => random.nextBelow(3 * 2 ** 30) % bucketCount,
    ],
    [
      "exponentials, by their distribution",
      (random) => Math.floor(-Math.expm1(-random.nextExponential(5) / 5) * bucketCount),
    ],
    [
      "bytes in pairs",
      (random) => {
        const [low, high] = random.nextBytes(2);
        return Math.floor(((high! * 256 + low!) / 2 ** 16) * bucketCount);
      },
    ],
    ["one item against the next", pairBucket],
    ["one fork against the next", forkBucket()],
  ])("%s fill all buckets evenly", (_name, bucketOf) => {
    const random = createRandom("uniformity");
    expect(chiSquare(() => bucketOf(random))).toBeLessThan(chiSquareMax);
  });

  test("a float can be 2^-53 below one, but not one", () => {
    const random = createRandom(7);
    const draws = Array.from({ length: 1_000 }, () => random.nextFloat());
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
    expect(draws.some((draw) => (draw * 2 ** 53) % 2 === 1)).toBe(true);
  });

  test.each([0, 1, 3, 4, 33])("%d bytes are drawn when so many are asked for", (length) => {
    expect(createRandom(7).nextBytes(length)).toHaveLength(length);
  });

  test("inputs that make no sense are refused by name", () => {
    const random = createRandom(7);
    expect(() => random.nextBelow(0)).toThrow(/bound/);
    expect(() => random.nextBelow(1.5)).toThrow(/bound/);
    expect(() => random.nextBelow(2 ** 32 + 1)).toThrow(/bound/);
    expect(() => random.nextExponential(-1)).toThrow(/mean/);
    expect(() => random.nextExponential(NaN)).toThrow(/mean/);
    expect(() => random.pick([])).toThrow(/items/);
  });
});

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

function pairBucket(random: Random): number {
  return random.pick(digits) * 10 + random.pick(digits);
}

/** Draws once from each of many forks: names that differ by little must not draw alike. */
function forkBucket(): (random: Random) => number {
  let forks = 0;
  return (random) => random.fork(`node ${forks++}`).nextBelow(bucketCount);
}
