/** Checks the 80 bytes of a header against Bitcoin's own. */

import { describe, expect, test } from "vitest";
import { bytesToHex, parseHex } from "../../src/primitives/bytes.ts";
import { zeroHash } from "../../src/primitives/hash.ts";
import { blockHash, decodeHeader, encodeHeader } from "../../src/primitives/header.ts";
import { describeVectors } from "../vectors/suite.ts";

/** @see Bitcoin Core, CMainParams */
const genesisRoot = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";
const genesisHex =
  `01000000${zeroHash}${bytesToHex(parseHex(genesisRoot).reverse())}` + "29ab5f49ffff001d1dac2b7c";

describe("a header", () => {
  test("is read field by field, with hashes in display order", () => {
    const verdict = decodeHeader(parseHex(genesisHex));
    expect(verdict).toEqual({
      ok: true,
      value: {
        version: 1,
        previous: zeroHash,
        merkleRoot: genesisRoot,
        time: 1_231_006_505,
        bits: 0x1d00_ffff,
        nonce: 2_083_236_893,
      },
    });
  });

  test("has the hash that everybody knows", () => {
    const verdict = decodeHeader(parseHex(genesisHex));
    const hash = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
    expect(verdict.ok && blockHash(verdict.value)).toBe(hash);
  });

  test("has a signed version, while all other numbers are unsigned", () => {
    const verdict = decodeHeader(parseHex("ff".repeat(80)));
    if (!verdict.ok) throw new Error(verdict.problem.reason);
    const { version, time, bits, nonce } = verdict.value;
    expect([version, time, bits, nonce]).toEqual([-1, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff]);
    expect(bytesToHex(encodeHeader(verdict.value))).toBe("ff".repeat(80));
  });

  test("has 80 bytes, not one fewer or more", () => {
    expect(decodeHeader(new Uint8Array(79)).ok).toBe(false);
    expect(decodeHeader(new Uint8Array(80)).ok).toBe(true);
    expect(decodeHeader(new Uint8Array(81)).ok).toBe(false);
  });
});

describeVectors(
  "Bitcoin Core's test network headers",
  "blocks/blockheader_testnet3.hex",
  (file) => {
    const lines = file.toString().trim().split("\n");

    test("all 548 come back byte for byte", () => {
      expect(lines).toHaveLength(548);
      for (const [i, line] of lines.entries()) {
        const hex = line.replace("fork:", "");
        const verdict = decodeHeader(parseHex(hex));
        expect(verdict.ok && bytesToHex(encodeHeader(verdict.value)), `line ${i + 1}`).toBe(hex);
      }
    });
  },
);
