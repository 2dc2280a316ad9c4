/** Checks the hashing in plain JavaScript against node:crypto: all others are checked against it. */

import { createHash, randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { sha256 } from "../../src/primitives/hash.ts";
import {
  chooseHashing,
  currentHashing,
  type Hashing,
  javaScriptHashing,
  proveHashing,
} from "../../src/primitives/hashing.ts";

function hashOnce(...pieces: readonly Uint8Array[]): Buffer {
  return createHash("sha256").update(Buffer.concat(pieces)).digest();
}

function hashTwice(...pieces: readonly Uint8Array[]): Buffer {
  return hashOnce(hashOnce(...pieces));
}

function show(hash: Uint8Array): string {
  return Buffer.from(hash).reverse().toString("hex");
}

describe("plain JavaScript", () => {
  const bytes = randomBytes(200);
  const pieces = [5, 60, 100, 10, 0, 200, 7, 0];
  const [first, second, third] = [
    [bytes.subarray(5, 65), bytes.subarray(100, 110)],
    [bytes],
    [bytes.subarray(7, 7)],
  ];
  const messages = { bytes, pieces, pieceCounts: [2, 1, 1] };

  test("hashes messages in pieces once, twice and with a tag", () => {
    const tag = hashOnce(Buffer.from("TapSighash"));
    const hash = (method: Parameters<Hashing["hashMessages"]>[0]): Buffer =>
      Buffer.from(javaScriptHashing.hashMessages(method, messages));
    const parts = [first, second, third];
    expect(hash("once")).toEqual(Buffer.concat(parts.map((each) => hashOnce(...each))));
    expect(hash("twice")).toEqual(Buffer.concat(parts.map((each) => hashTwice(...each))));
    expect(hash({ tag })).toEqual(Buffer.concat(parts.map((each) => hashOnce(tag, tag, ...each))));
  });

  test("hashes headers twice, and none if there are none", () => {
    const headers = randomBytes(240);
    const expected = [0, 80, 160].map((at) => hashTwice(headers.subarray(at, at + 80)));
    expect(Buffer.from(javaScriptHashing.hashHeaders(headers))).toEqual(Buffer.concat(expected));
    expect(javaScriptHashing.hashHeaders(new Uint8Array())).toHaveLength(0);
  });

  test("shows hashes that lie anywhere, with the last byte first", () => {
    const row = { bytes, start: 3, stride: 50, count: 3 };
    const expected = [3, 53, 103].map((at) => show(bytes.subarray(at, at + 32)));
    expect(javaScriptHashing.showHashes(row)).toBe(expected.join(""));
    expect(javaScriptHashing.showHashes({ ...row, count: 0 })).toBe("");
  });

  test("joins five leaves to a root: the odd one with itself, on each level", () => {
    //        root
    //     ab·cd   ee·ee
    //   ab  cd   ee
    //  a b c d  e
    const [a, b, c, d, e] = Array.from({ length: 5 }, () => randomBytes(32)) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    const left = hashTwice(hashTwice(a, b), hashTwice(c, d));
    const pair = hashTwice(e, e);
    const root = show(hashTwice(left, hashTwice(pair, pair)));
    const merkleRoot = (leaves: readonly Buffer[]) =>
      javaScriptHashing.merkleRoot(leaves.map(show));
    expect(merkleRoot([a, b, c, d, e])).toEqual({ root, isMutated: false });
    expect(merkleRoot([a, b, c, d, e, e])).toEqual({ root, isMutated: true });
  });
});

describe("the choice", () => {
  const before = currentHashing();
  afterEach(() => chooseHashing(before));

  test("is what everything hashes with from then on", () => {
    const marked: Hashing = {
      ...javaScriptHashing,
      hashMessages: (_method, { pieceCounts }) => new Uint8Array(32 * pieceCounts.length).fill(7),
    };
    chooseHashing(marked);
    expect(sha256(Uint8Array.of(1))).toEqual(new Uint8Array(32).fill(7));
  });
});

describe("a proof", () => {
  test("is given by the twin itself", () => {
    expect(proveHashing(javaScriptHashing)).toBe(true);
  });

  const wrong: readonly [string, Partial<Hashing>][] = [
    [
      "one length of message",
      {
        hashMessages(method, messages) {
          const hashes = javaScriptHashing.hashMessages(method, messages);
          if (messages.pieces.includes(28)) hashes[0]! ^= 1;
          return hashes;
        },
      },
    ],
    ["tags", { hashMessages: (_, messages) => javaScriptHashing.hashMessages("once", messages) }],
    [
      "the ninth header",
      {
        hashHeaders(headers) {
          const hashes = javaScriptHashing.hashHeaders(headers);
          if (hashes.length === 9 * 32) hashes[8 * 32]! ^= 1;
          return hashes;
        },
      },
    ],
    [
      "mutations",
      { merkleRoot: (ids) => ({ ...javaScriptHashing.merkleRoot(ids), isMutated: false }) },
    ],
    [
      "where hashes lie",
      { showHashes: (row) => javaScriptHashing.showHashes({ ...row, stride: 32 }) },
    ],
  ];

  test.each(wrong)("is not given by one that is wrong about %s", (_what, part) => {
    expect(proveHashing({ ...javaScriptHashing, ...part })).toBe(false);
  });
});
