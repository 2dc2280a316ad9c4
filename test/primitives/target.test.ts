/** Checks targets and their compact form against Bitcoin Core's. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BlockHash, CompactTarget } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import {
  decodeCompact,
  difficultyOf,
  encodeCompact,
  hashNumber,
  isProvenBy,
  proofOf,
  targetBytes,
  targetOf,
  workOf,
  workOfBits,
} from "../../src/primitives/target.ts";
import { describeVectors } from "../vectors/suite.ts";

function compact(bits: number): CompactTarget {
  return bits as CompactTarget;
}

type CompactRow = {
  readonly nBits: number;
  /** Null where the target does not fit. */
  readonly hex: string | null;
  readonly recompact: number | null;
  readonly negative: boolean;
  readonly overflow: boolean;
};

describeVectors("compact targets of Bitcoin Core's tests", "nbits-compact.json", (file) => {
  const rows: CompactRow[] = JSON.parse(file.toString());

  test("all 20 are there", () => {
    expect(rows).toHaveLength(20);
  });

  test.each(rows)("$nBits decodes and encodes as Core does", (row) => {
    const { target, isNegative, isOverflow } = decodeCompact(compact(row.nBits));
    expect({ isNegative, isOverflow }).toEqual({
      isNegative: row.negative,
      isOverflow: row.overflow,
    });
    if (row.hex === null) return;
    expect(target).toBe(BigInt(`0x${row.hex}`));
    // Targets carry no sign, so Core's sign bit is the only difference.
    const signBit = row.negative ? 0x80_0000 : 0;
    expect(encodeCompact(target)).toBe(row.recompact! - signBit);
  });
});

describe("compact targets", () => {
  test.each([
    ["zero", 0x0000_0000],
    ["zero with a length", 0x2000_0000],
    ["so short that nothing remains", 0x0100_ffff],
    ["negative", 0x1d80_ffff],
    ["negative and short", 0x0192_3456],
    ["35 bytes long", 0x2300_0001],
    ["34 bytes long with two bytes of mantissa", 0x2200_0100],
    ["33 bytes long with three bytes of mantissa", 0x2101_0000],
  ])("%s means no target", (_what, bits) => {
    expect(targetOf(compact(bits))).toBeUndefined();
  });

  test.each([
    [0x1d00_ffff, 0xffffn << 208n],
    [0x207f_ffff, 0x7fffffn << 232n],
    [0x2200_00ff, 0xffn << 248n],
    [0x2100_ffff, 0xffffn << 240n],
    [0x0101_0000, 1n],
  ])("%i is a target", (bits, target) => {
    expect(targetOf(compact(bits))).toBe(target);
  });

  test("encoding rounds down, by less than one part in 2^15, and then stays", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }), (target) => {
        const bits = encodeCompact(target);
        const decoded = targetOf(bits)!;
        expect(decoded <= target).toBe(true);
        expect((target - decoded) * 2n ** 15n < target || target < 2n ** 15n).toBe(true);
        expect(encodeCompact(decoded)).toBe(bits);
      }),
    );
  });

  test("encoding never sets the sign", () => {
    expect(encodeCompact(0x80n)).toBe(0x0200_8000);
    expect(encodeCompact(0x92340000n)).toBe(0x0500_9234);
  });
});

describe("what people and comparisons see", () => {
  test.each([
    [0x1d00_ffff, 1], // Bitcoin's first block
    [0x1b04_04cb, 16_307.420938523983], // the example in the Bitcoin wiki, "Difficulty"
    [0x1903_a30c, 1_180_923_195.2580261], // block 277,316, as Bitcoin Core shows it
    [0x207f_ffff, 4.6565423739069247e-10], // regtest, as Bitcoin Core shows it
  ])("the difficulty of %i is %d", (bits, difficulty) => {
    expect(difficultyOf(compact(bits)) / difficulty).toBeCloseTo(1, 12);
  });

  test("the work of a target is the expected number of hashes", () => {
    expect(workOf(2n ** 256n - 1n)).toBe(1n);
    expect(workOf(2n ** 255n - 1n)).toBe(2n);
    expect(workOf(targetOf(compact(0x207f_ffff))!)).toBe(2n);
    expect(workOf(targetOf(compact(0x1d00_ffff))!)).toBe(0x1_0001_0001n);
    expect(workOf(1n)).toBe(2n ** 255n);
  });

  test("a header's bits promise the same in whichever order they are asked for", () => {
    const easy = compact(0x207f_ffff);
    const hard = compact(0x1d00_ffff);
    for (const bits of [easy, hard, hard, easy, compact(0), hard]) {
      const target = targetOf(bits);
      expect(proofOf(bits)?.target).toBe(target);
      expect(proofOf(bits)?.targetDigits).toBe(target?.toString(16).padStart(64, "0"));
      expect(workOfBits(bits)).toBe(target === undefined ? 0n : workOf(target));
    }
  });

  test.each([0x207f_ffff, 0x1d00_ffff, 0x1903_a30c])("a hash proves what %i asks for", (bits) => {
    const proof = proofOf(compact(bits))!;
    const hashOf = (value: bigint): BlockHash => value.toString(16).padStart(64, "0") as BlockHash;
    expect(isProvenBy(hashOf(proof.target), proof)).toBe(true);
    expect(isProvenBy(hashOf(proof.target + 1n), proof)).toBe(false);
    const hashes = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    fc.assert(
      fc.property(hashes, fc.nat(255), (value, shift) => {
        const hash = hashOf(value >> BigInt(shift));
        expect(isProvenBy(hash, proof)).toBe(hashNumber(hash) <= proof.target);
      }),
    );
  });

  test("a hash in display order is a number, most significant digit first", () => {
    expect(hashNumber(`${"00".repeat(31)}ff`)).toBe(255n);
    expect(hashNumber(`01${"00".repeat(31)}`)).toBe(2n ** 248n);
  });

  test("a target's bytes are those of the number, most significant first", () => {
    expect(bytesToHex(targetBytes(0xffffn << 208n))).toBe(`00000000ffff${"00".repeat(26)}`);
    expect(bytesToHex(targetBytes(1n))).toBe(`${"00".repeat(31)}01`);
  });
});
