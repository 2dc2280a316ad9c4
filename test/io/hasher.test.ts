/** Hashers must agree with Bitcoin's genesis block and with node:crypto. */

import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type Hasher,
  createJavaScriptHasher,
  nonceCount,
  nonceOffsetBytes,
  proveHasher,
} from "../../src/io/hasher.ts";

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

function prepared(header: Uint8Array, target: Uint8Array): Hasher {
  const hasher = createJavaScriptHasher();
  hasher.prepare(header, target);
  return hasher;
}

describe("the search", () => {
  test("finds the nonce of Bitcoin's genesis block", () => {
    const hasher = prepared(genesisHeader, genesisTarget);
    expect(hasher.search(genesisNonce - 1_000, 2_000)).toBe(genesisNonce);
  });

  test("ends before start + count", () => {
    const hasher = prepared(genesisHeader, genesisTarget);
    expect(hasher.search(genesisNonce - 10, 10)).toBeUndefined();
    expect(hasher.search(genesisNonce - 10, 11)).toBe(genesisNonce);
    expect(hasher.search(genesisNonce, 0)).toBeUndefined();
    expect(hasher.search(genesisNonce + 1, 100)).toBeUndefined();
  });

  test("takes a hash that equals the target, and none that is one above it", () => {
    const target = Buffer.from(genesisHash, "hex");
    expect(prepared(genesisHeader, target).search(genesisNonce, 1)).toBe(genesisNonce);
    expect(prepared(genesisHeader, oneLess(target)).search(genesisNonce, 1)).toBeUndefined();
  });

  test("agrees with node:crypto on random headers, nonces and targets", () => {
    const hasher = createJavaScriptHasher();
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

  test("ignores the nonce that the header came with, and leaves its arguments alone", () => {
    const header = randomBytes(80);
    const target = hashOf(header, 7);
    const before = [header.toString("hex"), target.toString("hex")];
    expect(prepared(header, target).search(7, 1)).toBe(7);
    expect([header.toString("hex"), target.toString("hex")]).toEqual(before);
  });

  test("reaches the first and the last nonce", () => {
    const hasher = prepared(genesisHeader, anyTarget);
    expect(hasher.search(0, 1)).toBe(0);
    expect(hasher.search(nonceCount - 1, 1)).toBe(nonceCount - 1);
  });

  test("refuses nonces that are no unsigned 32-bit integers", () => {
    const hasher = prepared(genesisHeader, anyTarget);
    expect(() => hasher.search(nonceCount - 1, 2)).toThrow(RangeError);
    expect(() => hasher.search(-1, 1)).toThrow(RangeError);
  });

  test("refuses a header or a target of another size", () => {
    const hasher = createJavaScriptHasher();
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

  test("passes the one in JavaScript", () => {
    expect(proveHasher(createJavaScriptHasher())).toBe(true);
  });

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
