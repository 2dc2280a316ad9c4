/** BIP340's own cases, two judges against each other, and what the cache asks and remembers. */

import { hexToBytes } from "@noble/hashes/utils.js";
import { schnorr } from "@noble/secp256k1";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createCachingVerifier,
  createNobleVerifier,
  createTinyVerifier,
} from "../../../src/io/verifying/signature-verifier.ts";
import type { SignatureCheck, SignatureVerifier } from "../../../src/primitives/signature.ts";
import { vectors } from "../../vectors/vectors.ts";

const tiny = createTinyVerifier();
const noble = createNobleVerifier();

function holds(verifier: SignatureVerifier, check: SignatureCheck): boolean {
  return verifier.firstInvalid([check]) === undefined;
}

function signed(seed: number): SignatureCheck {
  const secretKey = new Uint8Array(32).fill(1 + (seed % 200));
  const message = new Uint8Array(32).fill(seed % 256);
  const signature = schnorr.sign(message, secretKey, new Uint8Array(32));
  return { publicKey: schnorr.getPublicKey(secretKey), message, signature };
}

function damaged(check: SignatureCheck): SignatureCheck {
  const signature = Uint8Array.from(check.signature);
  signature[40]! ^= 1;
  return { ...check, signature };
}

const table = vectors("bip340-test-vectors.csv")?.toString();
if (table === undefined) console.warn("BIP340's test vectors are absent: their suite is skipped.");

describe.skipIf(table === undefined)("BIP340's test vectors", () => {
  const cases = (table ?? "")
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => {
      const [index, , publicKey, , message, signature, verdict, comment] = line.split(",");
      const check = {
        publicKey: hexToBytes(publicKey!),
        message: hexToBytes(message!),
        signature: hexToBytes(signature!),
      };
      return { name: `${index!} ${comment!}`.trim(), check, isValid: verdict === "TRUE" };
    });

  test("there are 19 of them", () => {
    expect(cases).toHaveLength(19);
  });

  test.each(cases)("$name", ({ check, isValid }) => {
    expect(holds(noble, check)).toBe(isValid);
    // What is signed on a chain is always a hash; the fast judge knows no other message.
    expect(holds(tiny, check)).toBe(isValid && check.message.length === 32);
  });
});

describe("both judges", () => {
  test("agree on random signatures, whole and with any one bit changed", () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const secret = bytes32.filter((key) => key.some((byte) => byte !== 0) && key[0]! < 255);
    const part = fc.constantFrom("publicKey", "message", "signature");
    const damage = fc.record({ part, bit: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(secret, bytes32, fc.option(damage), (secretKey, message, change) => {
        const check = {
          publicKey: schnorr.getPublicKey(secretKey),
          message: Uint8Array.from(message),
          signature: schnorr.sign(message, secretKey),
        };
        if (change !== null) check[change.part][change.bit >> 3]! ^= 1 << (change.bit & 7);
        expect(holds(noble, check)).toBe(change === null);
        expect(holds(tiny, check)).toBe(change === null);
      }),
      { numRuns: 60 },
    );
  });

  const check = signed(1);
  const all = (byte: number, lengthBytes: number) => new Uint8Array(lengthBytes).fill(byte);
  test.each<[string, Partial<SignatureCheck>]>([
    ["a key of zeros", { publicKey: all(0, 32) }],
    ["a key above the field's size", { publicKey: all(255, 32) }],
    ["a key that is too short", { publicKey: all(1, 31) }],
    ["a key with its sign", { publicKey: all(2, 33) }],
    ["a signature of zeros", { signature: all(0, 64) }],
    ["a signature out of range", { signature: all(255, 64) }],
    ["a signature with a byte more", { signature: all(1, 65) }],
    ["no signature", { signature: all(0, 0) }],
  ])("say no to %s, and do not throw", (_, part) => {
    expect(holds(tiny, { ...check, ...part })).toBe(false);
    expect(holds(noble, { ...check, ...part })).toBe(false);
    expect(holds(tiny, check)).toBe(true); // and are not confused by it
  });

  test("name the first check that fails", () => {
    const checks = [signed(1), signed(2), damaged(signed(3)), signed(4), damaged(signed(5))];
    for (const verifier of [tiny, noble]) {
      expect(verifier.firstInvalid(checks)).toBe(2);
      expect(verifier.firstInvalid(checks.slice(0, 2))).toBeUndefined();
      expect(verifier.firstInvalid([])).toBeUndefined();
    }
  });
});

describe("the cache", () => {
  /** A judge that notes how many checks it was given. */
  function counting(): SignatureVerifier & { readonly counts: number[] } {
    const counts: number[] = [];
    return {
      counts,
      firstInvalid(checks) {
        counts.push(checks.length);
        return tiny.firstInvalid(checks);
      },
    };
  }

  const [a, b, c, d] = [signed(1), signed(2), signed(3), signed(4)];

  test("asks once about a check that holds, and every time about one that does not", () => {
    const inner = counting();
    const cache = createCachingVerifier(inner, 10);
    expect(cache.firstInvalid([a, b])).toBeUndefined();
    expect(cache.firstInvalid([a, b, c])).toBeUndefined();
    expect(cache.firstInvalid([damaged(d)])).toBe(0);
    expect(cache.firstInvalid([damaged(d)])).toBe(0);
    expect(cache.firstInvalid([d, c])).toBeUndefined();
    expect(inner.counts).toEqual([2, 1, 1, 1, 1]);
  });

  test("names positions in what it was given, and remembers what held before a failure", () => {
    const inner = counting();
    const cache = createCachingVerifier(inner, 10);
    expect(cache.firstInvalid([a])).toBeUndefined();
    expect(cache.firstInvalid([b, a, damaged(c), d])).toBe(2);
    expect(cache.firstInvalid([a, b])).toBeUndefined();
    expect(cache.firstInvalid([d])).toBeUndefined(); // came after the failure: not known yet
    expect(inner.counts).toEqual([1, 3, 0, 1]);
  });

  test("knows nothing of a check that differs in any part", () => {
    const cache = createCachingVerifier(tiny, 10);
    expect(cache.firstInvalid([a, b])).toBeUndefined();
    expect(cache.firstInvalid([{ ...a, message: b.message }])).toBe(0);
    expect(cache.firstInvalid([{ ...a, publicKey: b.publicKey }])).toBe(0);
    expect(cache.firstInvalid([{ ...a, signature: b.signature }])).toBe(0);
  });

  test("forgets the oldest beyond its limit", () => {
    const inner = counting();
    const cache = createCachingVerifier(inner, 2);
    cache.firstInvalid([a, b, c]);
    cache.firstInvalid([b, c]);
    cache.firstInvalid([a]);
    cache.firstInvalid([b]);
    expect(inner.counts).toEqual([3, 0, 1, 1]);
  });
});
