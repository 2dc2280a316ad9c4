/** Checks that a transaction has one encoding only, and what is measured of it. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Satoshi, Txid } from "../../src/primitives/brand.ts";
import { bytesToHex, decodeWhole, parseHex } from "../../src/primitives/bytes.ts";
import { zeroHash } from "../../src/primitives/hash.ts";
import {
  decodeTransaction,
  encodeStripped,
  encodeTransaction,
  hasWitness,
  isCoinbase,
  noOutputIndex,
  outPointName,
  readTransactions,
  strippedSizeOf,
  totalSizeOf,
  type Transaction,
  txidOf,
  virtualSizeOf,
  weightOf,
  wtxidOf,
} from "../../src/primitives/transaction.ts";

const version = "02000000";
const flag = "0001";
const input = `${"11".repeat(32)}0100000000fdffffff`;
const output = `e80300000000000022${`5120${"79".repeat(32)}`}`;
const witness = `0140${"aa".repeat(64)}`;
const lockTime = "00000000";

const stripped = `${version}01${input}01${output}${lockTime}`;
const full = `${version}${flag}01${input}01${output}${witness}${lockTime}`;

function decode(hex: string): Transaction {
  const verdict = decodeTransaction(parseHex(hex));
  if (!verdict.ok) throw new Error(verdict.problem.reason);
  return verdict.value;
}

describe("a transaction", () => {
  test("is read field by field", () => {
    expect(decode(full)).toEqual({
      version: 2,
      inputs: [
        {
          previous: { txid: "11".repeat(32), index: 1 },
          scriptSig: new Uint8Array(),
          sequence: 0xffff_fffd,
          witness: [parseHex("aa".repeat(64))],
        },
      ],
      outputs: [{ value: 1000, script: parseHex(`5120${"79".repeat(32)}`) }],
      lockTime: 0,
    });
  });

  test.each([full, stripped])("is measured from its bytes as from its fields: %s", (hex) => {
    const decoded = decode(hex);
    const copy = { ...decoded };
    for (const measure of [txidOf, wtxidOf, strippedSizeOf, totalSizeOf, weightOf]) {
      expect(measure(decoded), measure.name).toBe(measure(copy));
    }
    expect(txidOf({ ...decoded, lockTime: 1 })).not.toBe(txidOf(decoded));
  });

  test("has the same ids among others as alone", () => {
    const hexes = [stripped, full, full.replace("e803", "e903"), stripped];
    const bytes = parseHex(`ff${hexes.join("")}`);
    const together = decodeWhole(bytes, (reader) => {
      reader.lend(1);
      return readTransactions(reader, hexes.length);
    });
    if (!together.ok) throw new Error(together.problem.reason);
    expect(together.value.map(txidOf)).toEqual(hexes.map((hex) => txidOf(decode(hex))));
    expect(together.value.map(wtxidOf)).toEqual(hexes.map((hex) => wtxidOf(decode(hex))));
  });

  test("comes back byte for byte, with and without its witness", () => {
    expect(bytesToHex(encodeTransaction(decode(full)))).toBe(full);
    expect(bytesToHex(encodeTransaction(decode(stripped)))).toBe(stripped);
    expect(bytesToHex(encodeStripped(decode(full)))).toBe(stripped);
  });

  test("has unsigned version, index, sequence and lock time", () => {
    const hex = `ffffffff01${"22".repeat(32)}ffffffff00ffffffff01${output}ffffffff`;
    const transaction = decode(hex);
    expect(transaction.version).toBe(0xffff_ffff);
    expect(transaction.inputs[0]!.previous.index).toBe(0xffff_ffff);
    expect(transaction.inputs[0]!.sequence).toBe(0xffff_ffff);
    expect(transaction.lockTime).toBe(0xffff_ffff);
    expect(bytesToHex(encodeTransaction(transaction))).toBe(hex);
  });

  test("of any content comes back", () => {
    fc.assert(
      fc.property(anyTransaction, (transaction) => {
        const bytes = encodeTransaction(transaction);
        expect(decodeTransaction(bytes)).toEqual({ ok: true, value: transaction });
        expect(totalSizeOf(transaction)).toBe(bytes.length);
        expect(strippedSizeOf(transaction)).toBe(encodeStripped(transaction).length);
      }),
    );
  });
});

describe("what does not decode", () => {
  test("anything cut short, at every byte", () => {
    for (let length = 0; length < full.length; length += 2) {
      const verdict = decodeTransaction(parseHex(full.slice(0, length)));
      expect(verdict.ok, `${length / 2} bytes`).toBe(false);
    }
  });

  test.each([
    ["a byte after the end", `${full}00`, /1 bytes after the end/],
    ["no inputs", `${version}0001${output}${lockTime}`, /items announced|needs inputs/],
    ["no inputs and no outputs", `${version}0000${lockTime}`, /needs inputs/],
    ["flag 0", `${version}000001${input}01${output}${lockTime}`, /needs inputs/],
    ["flag 2", full.replace(flag, "0002"), /needs inputs/],
    ["no inputs after the flag", `${version}${flag}0001${output}${lockTime}`, /needs inputs/],
    [
      "a flag without a witness",
      `${version}${flag}01${input}01${output}00${lockTime}`,
      /flag without a witness/,
    ],
    ["a flag and no witness list", `${version}${flag}01${input}01${output}${lockTime}`, /end|flag/],
    ["a witness without its flag", `${version}01${input}01${output}${witness}${lockTime}`, /after/],
    ["a longer count of inputs", `${version}fd010001${input}01${output}${lockTime}`, /not minimal/],
    [
      "a longer count of outputs",
      stripped.replace(`01${output}`, `fd0100${output}`),
      /not minimal/,
    ],
    ["a longer script length", stripped.replace("225120", "fd22005120"), /not minimal/],
    ["a longer count of items", full.replace("0140aa", "fd010040aa"), /not minimal/],
    ["2^32 - 1 inputs", `${version}feffffffff${input}`, /4294967295 items announced/],
    ["2^64 - 1 inputs", `${version}ffffffffffffffffff${input}`, /out of range/],
    ["2^32 - 1 outputs", `${version}01${input}feffffffff${output}`, /4294967295 items announced/],
    ["2^32 - 1 witness items", full.replace("0140aa", "feffffffff40aa"), /items announced/],
    [
      "the least amount",
      stripped.replace("e803000000000000", "00".repeat(7) + "80"),
      /out of range/,
    ],
  ])("%s", (_what, hex, reason) => {
    const verdict = decodeTransaction(parseHex(hex));
    expect(verdict.ok ? "it decoded" : verdict.problem.reason).toMatch(reason);
  });

  test("a negative amount does: consensus refuses it by name", () => {
    const hex = stripped.replace("e803000000000000", "ff".repeat(8));
    const verdict = decodeTransaction(parseHex(hex));
    if (!verdict.ok) throw new Error(verdict.problem.reason);
    expect(verdict.value.outputs[0]!.value).toBe(-1);
    expect(bytesToHex(encodeTransaction(verdict.value))).toBe(hex);
  });
});

describe("names", () => {
  test("Bitcoin's first transaction has the name that everybody knows", () => {
    const script =
      "04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e20" +
      "6272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73";
    const key =
      "4104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f355" +
      "04e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac";
    const first = decode(
      `0100000001${zeroHash}ffffffff4d${script}ffffffff01` + `00f2052a0100000043${key}00000000`,
    );
    expect(txidOf(first)).toBe("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");
    expect(isCoinbase(first)).toBe(true);
  });

  test("a witness changes the wtxid but not the txid", () => {
    expect(txidOf(decode(full))).toBe(txidOf(decode(stripped)));
    expect(wtxidOf(decode(full))).not.toBe(txidOf(decode(full)));
    expect(wtxidOf(decode(stripped))).toBe(txidOf(decode(stripped)));
    expect(hasWitness(decode(full))).toBe(true);
    expect(hasWitness(decode(stripped))).toBe(false);
  });

  test("a coin is named by transaction and output", () => {
    expect(outPointName({ txid: "ab".repeat(32) as Txid, index: 7 })).toBe(`${"ab".repeat(32)}:7`);
  });

  test.each([
    ["the zero txid with the last index", [{ txid: zeroHash, index: noOutputIndex }], true],
    ["another index", [{ txid: zeroHash, index: 0 }], false],
    ["another txid", [{ txid: "11".repeat(32), index: noOutputIndex }], false],
    [
      "two such inputs",
      [
        { txid: zeroHash, index: noOutputIndex },
        { txid: zeroHash, index: noOutputIndex },
      ],
      false,
    ],
    ["no inputs", [], false],
  ])("%s: is it a coinbase?", (_what, points, expected) => {
    const [template] = decode(full).inputs;
    const inputs = points.map(({ txid, index }) => ({
      ...template!,
      previous: { txid: txid as Txid, index },
    }));
    expect(isCoinbase({ ...decode(full), inputs })).toBe(expected);
  });
});

describe("sizes", () => {
  test("one key-path input and one taproot output take 111 virtual bytes, as in Bitcoin Core", () => {
    const transaction = decode(full);
    expect(strippedSizeOf(transaction)).toBe(94);
    expect(totalSizeOf(transaction)).toBe(94 + 2 + 66);
    expect(weightOf(transaction)).toBe(94 * 4 + 68);
    expect(virtualSizeOf(transaction)).toBe(111);
  });

  test("a quarter of a virtual byte counts as a whole one", () => {
    const longer = decode(full.replace(witness, `0141${"aa".repeat(65)}`));
    expect(weightOf(longer)).toBe(445);
    expect(virtualSizeOf(longer)).toBe(112);
  });
});

const bytes = fc.uint8Array({ maxLength: 300 });
const uint32 = fc.nat(0xffff_ffff);

const anyTransaction: fc.Arbitrary<Transaction> = fc.record({
  version: uint32,
  inputs: fc.array(
    fc.record({
      previous: fc.record({
        txid: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((id) => bytesToHex(id) as Txid),
        index: uint32,
      }),
      scriptSig: bytes,
      sequence: uint32,
      witness: fc.array(bytes, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  outputs: fc.array(
    fc.record({ value: fc.maxSafeNat().map((value) => value as Satoshi), script: bytes }),
    { maxLength: 4 },
  ),
  lockTime: uint32,
});
