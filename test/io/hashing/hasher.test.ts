/** Hashers must agree with Bitcoin's genesis block and with node:crypto. */

import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  createJavaScriptHasher,
  type Hasher,
  nonceCount,
  proveHasher,
} from "../../../src/io/hashing/hasher.ts";
import { createHasher } from "../../../src/io/hashing/hasher-choice.ts";
import { hasherNames } from "../../../src/primitives/hashing.ts";
import { nonceOffsetBytes } from "../../../src/primitives/header.ts";

/** Block 0 of Bitcoin's main network. */
const genesisHeader = Buffer.from(
  "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd" +
    "7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c",
  "hex",
);
const genesisNonce = 2_083_236_893;
const genesisTarget = Buffer.from(`00000000ffff${"00".repeat(26)}`, "hex");
/** As block explorers show it, which is the number in big-endian. */
const genesisHash = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

const noTarget = Buffer.alloc(32, 0);
const anyTarget = Buffer.alloc(32, 0xff);

/** The slow and obvious twin: the hash of a header with a nonce, big-endian. */
function hashOf(header: Uint8Array, nonce: number): Buffer {
  const copy = Buffer.from(header);
  copy.writeUInt32LE(nonce, nonceOffsetBytes);
  const once = createHash("sha256").update(copy).digest();
  return createHash("sha256").update(once).digest().reverse();
}

function oneLess(target: Buffer): Buffer {
  const number = BigInt(`0x${target.toString("hex")}`) - 1n;
  return Buffer.from(number.toString(16).padStart(64, "0"), "hex");
}

/** All nonces of a range whose hash is at most the target of the hasher's header. */
function allFound(hasher: Hasher, start: number, count: number): number[] {
  const found: number[] = [];
  for (let next = start; next < start + count; next = found.at(-1)! + 1) {
    const nonce = hasher.search(next, start + count - next);
    if (nonce === undefined) break;
    found.push(nonce);
  }
  return found;
}

/** 32 bytes, about one hash in `hashes` is below them. */
function targetFor(hashes: number): Buffer {
  const target = randomBytes(32);
  target.writeUInt32BE(Math.floor(2 ** 32 / hashes) - 1);
  return target;
}

describe.each(hasherNames)("the search of %s", (name) => {
  function prepared(header: Uint8Array, target: Uint8Array): Hasher {
    const hasher = createHasher(name);
    hasher.prepare(header, target);
    return hasher;
  }

  test("says its name and proves itself", () => {
    const hasher = createHasher(name);
    expect(hasher.name).toBe(name);
    expect(proveHasher(hasher)).toBe(true);
  });

  test("finds the nonce of Bitcoin's genesis block, wherever the search begins", () => {
    const hasher = prepared(genesisHeader, genesisTarget);
    for (let before = 0; before < 20; before++) {
      expect(hasher.search(genesisNonce - before, 1_000)).toBe(genesisNonce);
    }
    expect(hasher.search(genesisNonce - 50_000, 60_000)).toBe(genesisNonce);
  });

  test("ends before start + count", () => {
    const hasher = prepared(genesisHeader, genesisTarget);
    for (let count = 0; count < 10; count++) {
      expect(hasher.search(genesisNonce - count, count)).toBeUndefined();
      expect(hasher.search(genesisNonce - count, count + 1)).toBe(genesisNonce);
    }
    expect(hasher.search(genesisNonce + 1, 100)).toBeUndefined();
  });

  test("takes a hash that equals the target, and none that is one above it", () => {
    const target = Buffer.from(genesisHash, "hex");
    expect(prepared(genesisHeader, target).search(genesisNonce, 1)).toBe(genesisNonce);
    expect(prepared(genesisHeader, oneLess(target)).search(genesisNonce, 1)).toBeUndefined();
  });

  test("counts exactly one nonce less when the target falls below its hash", () => {
    const hasher = createHasher(name);
    for (let round = 0; round < 30; round++) {
      const header = randomBytes(80);
      const hashes = Array.from({ length: 40 }, (_, nonce) => hashOf(header, nonce));
      const target = hashes[round]!;
      const below = hashes.filter((hash) => Buffer.compare(hash, target) < 0).length;
      hasher.prepare(header, target);
      expect(allFound(hasher, 0, 40), header.toString("hex")).toHaveLength(below + 1);
      hasher.prepare(header, oneLess(target));
      expect(allFound(hasher, 0, 40), header.toString("hex")).toHaveLength(below);
    }
  });

  test("agrees with node:crypto on random headers, nonces and targets", () => {
    const hasher = createHasher(name);
    for (let round = 0; round < 300; round++) {
      const header = randomBytes(80);
      const start = randomBytes(4).readUInt32LE() % (nonceCount - 16);
      const hashes = Array.from({ length: 16 }, (_, index) => hashOf(header, start + index));
      const target = hashes[round % 16]!;
      const first = hashes.findIndex((hash) => Buffer.compare(hash, target) <= 0);
      hasher.prepare(header, target);
      const seen = hasher.search(start, 16);
      expect(seen, `header ${header.toString("hex")}, start ${start}`).toBe(start + first);
    }
  });

  test("finds every nonce of a window that JavaScript finds", () => {
    const twin = createJavaScriptHasher();
    const hasher = createHasher(name);
    for (let round = 0; round < 8; round++) {
      const [header, target] = [randomBytes(80), targetFor(4 ** round)];
      const start = randomBytes(4).readUInt32LE() % (nonceCount - 3_000);
      twin.prepare(header, target);
      hasher.prepare(header, target);
      const windows = [hasher, twin].map((each) => allFound(each, start, 3_000 - round));
      expect(windows[0], `header ${header.toString("hex")}, start ${start}`).toEqual(windows[1]);
    }
  });

  test("ignores the nonce that the header came with, and leaves its arguments alone", () => {
    const header = randomBytes(80);
    const target = hashOf(header, 7);
    const before = [header.toString("hex"), target.toString("hex")];
    expect(prepared(header, target).search(7, 1)).toBe(7);
    expect([header.toString("hex"), target.toString("hex")]).toEqual(before);
  });

  test("reaches the first and the last nonce", () => {
    const easy = prepared(genesisHeader, anyTarget);
    expect(easy.search(0, 1)).toBe(0);
    expect(easy.search(nonceCount - 1, 1)).toBe(nonceCount - 1);
    expect(easy.search(nonceCount, 0)).toBeUndefined();
    const header = randomBytes(80);
    for (const nonce of [0, nonceCount - 1]) {
      const exact = prepared(header, hashOf(header, nonce));
      const start = Math.max(0, nonce - 5);
      expect(allFound(exact, start, nonce + 1 - start)).toContain(nonce);
    }
    expect(prepared(header, noTarget).search(nonceCount - 6, 6)).toBeUndefined();
  });

  test("refuses nonces that are no unsigned 32-bit integers", () => {
    const hasher = prepared(genesisHeader, anyTarget);
    expect(() => hasher.search(nonceCount - 1, 2)).toThrow(RangeError);
    expect(() => hasher.search(-1, 1)).toThrow(RangeError);
  });

  test("refuses a header or a target of another size", () => {
    const hasher = createHasher(name);
    expect(() => hasher.prepare(Buffer.alloc(79), noTarget)).toThrow(RangeError);
    expect(() => hasher.prepare(genesisHeader, Buffer.alloc(33))).toThrow(RangeError);
  });
});

describe("the proof of a hasher", () => {
  /** The hasher of JavaScript with another answer for some searches. */
  function hasherThat(
    search: (genuine: Hasher, start: number, count: number) => number | undefined,
  ): Hasher {
    const genuine = createJavaScriptHasher();
    return {
      name: "wrong",
      prepare: (header, target) => genuine.prepare(header, target),
      search: (start, count) => search(genuine, start, count),
    };
  }

  test("fails one that finds nothing", () => {
    expect(proveHasher(hasherThat(() => undefined))).toBe(false);
  });

  test("fails one that takes any nonce", () => {
    expect(proveHasher(hasherThat((_, start) => start))).toBe(false);
  });

  test("fails one that searches beyond its end", () => {
    const wrong = hasherThat((genuine, start, count) => genuine.search(start, count + 1));
    expect(proveHasher(wrong)).toBe(false);
  });

  test("fails one that is blind on a single lane of four", () => {
    const wrong = hasherThat((genuine, start, count) => {
      const nonce = genuine.search(start, count);
      return nonce !== undefined && (nonce - start) % 4 === 3 ? undefined : nonce;
    });
    expect(proveHasher(wrong)).toBe(false);
  });
});
