/** Checks the block codec, merkle roots and weights on real blocks. */

import { describe, expect, test } from "vitest";
import {
  type Block,
  decodeBlock,
  encodeBlock,
  hashOfBlock,
  strippedSizeOfBlock,
  totalSizeOfBlock,
  weightOfBlock,
} from "../../src/primitives/block.ts";
import { equalBytes, parseHex } from "../../src/primitives/bytes.ts";
import { merkleRoot } from "../../src/primitives/merkle.ts";
import { encodeStripped, hasWitness, txidOf } from "../../src/primitives/transaction.ts";
import { unpackBlocks } from "../vectors/real-blocks.ts";
import { describeVectors } from "../vectors/suite.ts";

function decode(bytes: Uint8Array): Block {
  const verdict = decodeBlock(bytes);
  if (!verdict.ok) throw new Error(verdict.problem.reason);
  return verdict.value;
}

const realBlocks = [
  {
    height: 300_025,
    hash: "0000000000000000821c4e0acc40f88bedbce3b73ba2358b5ade58a9022cc78c",
    transactions: 461,
    withWitness: 0,
    weight: 1_136_924,
  },
  {
    height: 426_884,
    hash: "00000000000000000431d0ead6e0bd9f90ff0d469e9b05d51e3d04971f472973",
    transactions: 409,
    withWitness: 0,
    weight: 3_985_776,
  },
  {
    height: 482_683,
    hash: "000000000000000000c238240ef6dcb26c37e75e16514e6ffc0aef7eee73e747",
    transactions: 12,
    withWitness: 2,
    weight: 35_715,
  },
  {
    // Of the test network, as is the next.
    height: 928_828,
    hash: "00000000000cee3a01a2821fe68eaa06000e8c744320efca8fcff9c4b9cf76c2",
    transactions: 201,
    withWitness: 0,
    weight: 2_481_560,
  },
  {
    height: 1_087_400,
    hash: "0000000003db83e6ab01a6ebb26ad2b1481688009141c9afc204c54284e1ba66",
    transactions: 97,
    withWitness: 3,
    weight: 193_331,
  },
];

for (const real of realBlocks) {
  describeVectors(`real block ${real.height}`, `blocks/block${real.height}.raw`, (file) => {
    const block = decode(file);

    test("comes back byte for byte", () => {
      expect(equalBytes(encodeBlock(block), file)).toBe(true);
    });

    test("has the hash, the transactions and the merkle root that it had on the network", () => {
      expect(hashOfBlock(block)).toBe(real.hash);
      expect(block.transactions).toHaveLength(real.transactions);
      expect(block.transactions.filter(hasWitness)).toHaveLength(real.withWitness);
      const root = merkleRoot(block.transactions.map(txidOf));
      expect(root).toEqual({ root: block.header.merkleRoot, isMutated: false });
    });

    test("has the size and weight that follow from its bytes", () => {
      const countBytes = block.transactions.length < 0xfd ? 1 : 3;
      const stripped = block.transactions.map((transaction) => encodeStripped(transaction).length);
      const strippedSize = 80 + countBytes + stripped.reduce((total, size) => total + size, 0);
      expect(totalSizeOfBlock(block)).toBe(file.length);
      expect(strippedSizeOfBlock(block)).toBe(strippedSize);
      expect(weightOfBlock(block)).toBe(real.weight);
      expect(real.weight).toBe(strippedSize * 3 + file.length);
    });
  });
}

describeVectors("Bitcoin's first blocks", "blocks/blocks1-256.bz2", (file) => {
  const packed = unpackBlocks(file);
  if (packed === undefined) console.warn("skipped: Bitcoin's first blocks: there is no bzip2");

  test.skipIf(packed === undefined)("all 255 come back byte for byte, each with its root", () => {
    expect(packed).toHaveLength(255);
    for (const [i, bytes] of packed!.entries()) {
      const block = decode(bytes);
      const name = `block ${i + 1}`;
      expect(equalBytes(encodeBlock(block), bytes), name).toBe(true);
      const { root } = merkleRoot(block.transactions.map(txidOf));
      expect(root, name).toBe(block.header.merkleRoot);
    }
  });
});

describe("a block", () => {
  const header = "00".repeat(80);

  test("without transactions decodes: a rule refuses it later", () => {
    expect(decode(parseHex(`${header}00`)).transactions).toEqual([]);
  });

  test.each([
    ["no count", header, /too early/],
    ["a transaction announced but absent", `${header}01`, /1 items announced/],
    ["2^32 - 1 transactions", `${header}feffffffff${"00".repeat(100)}`, /4294967295 items/],
    ["a longer count", `${header}fd0000`, /not minimal/],
    ["bytes after the end", `${header}0000`, /1 bytes after the end/],
    ["half a header", "00".repeat(40), /too early/],
  ])("does not decode with %s", (_what, hex, reason) => {
    const verdict = decodeBlock(parseHex(hex));
    expect(verdict.ok ? "it decoded" : verdict.problem.reason).toMatch(reason);
  });
});
