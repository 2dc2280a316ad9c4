/** Checks which scripts powlab knows, byte by byte. */

import { describe, expect, test } from "vitest";
import type { Satoshi } from "../../src/primitives/brand.ts";
import { bytesToHex, parseHex } from "../../src/primitives/bytes.ts";
import {
  commitmentScript,
  dataScript,
  findCommitment,
  heightPush,
  isDataScript,
  isUnspendable,
  payToTaproot,
  taprootKey,
} from "../../src/primitives/script.ts";

const key = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

describe("pay to taproot", () => {
  test("is OP_1 and the key, and gives the key back", () => {
    const script = payToTaproot(parseHex(key));
    expect(bytesToHex(script)).toBe(`5120${key}`);
    expect(bytesToHex(taprootKey(script)!)).toBe(key);
  });

  test.each([
    ["version 0", `0020${key}`],
    ["version 2", `5220${key}`],
    ["31 bytes", `511f${key.slice(2)}`],
    ["33 bytes", `5121${key}00`],
    ["a wrong length byte", `511f${key}`],
    ["a byte more", `5120${key}00`],
    ["nothing", ""],
  ])("%s is another script", (_what, hex) => {
    expect(taprootKey(parseHex(hex))).toBeUndefined();
  });

  test("takes no key of another length", () => {
    expect(() => payToTaproot(new Uint8Array(33))).toThrow(/33/);
  });
});

describe("data that nobody can spend", () => {
  test.each([
    ["nothing", "6a"],
    ["an empty push", "6a00"],
    ["the longest short push", `6a4b${"ff".repeat(75)}`],
    ["two pushes", "6a01ff02ffff"],
    ["PUSHDATA1 of nothing", "6a4c00"],
    ["PUSHDATA1", "6a4c02ffff"],
    ["PUSHDATA2", "6a4d0200ffff"],
    ["PUSHDATA2 of 256", `6a4d0001${"ff".repeat(256)}`],
    ["PUSHDATA4", "6a4e02000000ffff"],
    ["OP_1NEGATE, OP_RESERVED, OP_1 and OP_16", "6a4f505160"],
  ])("OP_RETURN and %s is accepted", (_what, hex) => {
    expect(isDataScript(parseHex(hex))).toBe(true);
  });

  test.each([
    ["nothing at all", ""],
    ["a push without OP_RETURN", "0151"],
    ["OP_NOP, the first operation above OP_16", "6a61"],
    ["OP_CHECKSIG", "6aac"],
    ["an operation after a push", "6a01ffac"],
    ["a push cut short", "6a02ff"],
    ["PUSHDATA1 without its length", "6a4c"],
    ["PUSHDATA1 cut short", "6a4c02ff"],
    ["PUSHDATA2 with half a length", "6a4d01"],
    ["PUSHDATA2 cut short", "6a4d0200ff"],
    ["PUSHDATA4 with part of a length", "6a4e010000"],
    ["PUSHDATA4 of 2^32 - 1", "6a4effffffffff"],
  ])("%s is refused", (_what, hex) => {
    expect(isDataScript(parseHex(hex))).toBe(false);
  });

  test("is made with one push for each part", () => {
    const script = dataScript(Uint8Array.of(1), Uint8Array.of(2, 3));
    expect(bytesToHex(script)).toBe("6a0101020203");
    expect(isDataScript(script)).toBe(true);
  });

  test("is never in the coin set, a taproot output is", () => {
    expect(isUnspendable(dataScript())).toBe(true);
    expect(isUnspendable(payToTaproot(parseHex(key)))).toBe(false);
    expect(isUnspendable(new Uint8Array())).toBe(false);
  });
});

describe("the height at the start of a coinbase", () => {
  // Bitcoin Core: CScript() << height, which regtest's CheckBlock compares byte by byte.
  test.each([
    [0, "00"],
    [1, "51"],
    [16, "60"],
    [17, "0111"],
    [127, "017f"],
    [128, "028000"],
    [255, "02ff00"],
    [256, "020001"],
    [32_767, "02ff7f"],
    [32_768, "03008000"],
    [227_836, "03fc7903"],
    [8_388_607, "03ffff7f"],
    [8_388_608, "0400008000"],
  ])("%d is pushed as %s", (height, hex) => {
    expect(bytesToHex(heightPush(height))).toBe(hex);
  });
});

describe("the witness commitment", () => {
  const commitment = parseHex("ab".repeat(32));
  const outputOf = (script: Uint8Array) => ({ value: 0 as Satoshi, script });
  const found = (...scripts: Uint8Array[]) => findCommitment(scripts.map(outputOf));

  test("is found behind BIP141's marker", () => {
    const script = commitmentScript(commitment);
    expect(bytesToHex(script)).toBe(`6a24aa21a9ed${"ab".repeat(32)}`);
    expect(found(payToTaproot(parseHex(key)), script)).toEqual(commitment);
  });

  test("is the last one that matches", () => {
    const first = commitmentScript(new Uint8Array(32));
    expect(found(first, commitmentScript(commitment), dataScript())).toEqual(commitment);
  });

  test("may have bytes after it", () => {
    expect(found(Uint8Array.of(...commitmentScript(commitment), 1, 7))).toEqual(commitment);
  });

  test("is not found if a byte is missing or the marker differs", () => {
    const script = commitmentScript(commitment);
    expect(found(script.subarray(0, 37))).toBeUndefined();
    expect(found(script.with(1, 35))).toBeUndefined();
    expect(found(script.with(5, 0xee))).toBeUndefined();
    expect(found()).toBeUndefined();
  });
});
