/** Checks the 80 bytes of a header against Bitcoin's own. */

import { describe, expect, test } from "vitest";
import { bytesToHex, decodeWhole, parseHex } from "../../src/primitives/bytes.ts";
import { zeroHash } from "../../src/primitives/hash.ts";
import {
  blockHash,
  decodeHeader,
  encodeHeader,
  type Header,
  readHeaders,
} from "../../src/primitives/header.ts";
import { describeVectors } from "../vectors/suite.ts";

/** @see Bitcoin Core, CMainParams */
const genesisRoot = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";
const genesisHex =
  `01000000${zeroHash}${bytesToHex(parseHex(genesisRoot).reverse())}` + "29ab5f49ffff001d1dac2b7c";

describe("headers in a row", () => {
  const encoded = parseHex(genesisHex + genesisHex.replace("29ab5f49", "30ab5f49"));

  function read(bytes: Uint8Array, count: number): Header[] {
    const verdict = decodeWhole(bytes, (reader) => readHeaders(reader, count));
    if (!verdict.ok) throw new Error(verdict.problem.reason);
    return verdict.value;
  }

  test("are the same as if each were read alone", () => {
    const alone = [0, 80].map((at) => read(encoded.subarray(at, at + 80), 1)[0]!);
    const together = read(encoded, 2);
    expect(together).toEqual(alone);
    expect(together.map(blockHash)).toEqual(alone.map(blockHash));
    expect(read(new Uint8Array(), 0)).toEqual([]);
  });

  test("keep their links, to the one before and to any other", () => {
    const [first, stranger] = read(encoded, 2);
    const child = encodeHeader({ ...stranger!, previous: blockHash(first!) });
    const [, linked] = read(Uint8Array.of(...encoded.subarray(0, 80), ...child), 2);
    expect(linked!.previous).toBe(blockHash(first!));
    expect(stranger!.previous).toBe(zeroHash);
  });

  test("that end too early are malformed", () => {
    expect(() => read(encoded.subarray(0, 159), 2)).toThrow("ends too early");
  });

  test("do not give their hash to changed copies", () => {
    const [header] = read(encoded, 2);
    const copy = { ...header! };
    expect(blockHash(copy)).toBe(blockHash(header!));
    const changed = { ...header!, nonce: 0 };
    expect(blockHash(changed)).toBe(blockHash(read(encodeHeader(changed), 1)[0]!));
    expect(blockHash(changed)).not.toBe(blockHash(header!));
  });
});

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
