/** Checks that records say after reading what was written, and that their keys are in order. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as records from "../../src/chain/records.ts";
import type { PlacedBlock } from "../../src/consensus/block.ts";
import type { Coin } from "../../src/consensus/coin.ts";
import { moneyMax } from "../../src/consensus/money.ts";
import type { BlockHash, Txid } from "../../src/primitives/brand.ts";
import { hashBytes } from "../../src/primitives/hash.ts";
import { satoshis } from "../consensus/samples.ts";
import { Forest } from "./forest.ts";

const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
});
const uint32 = fc.nat(0xffff_ffff);
const amount = fc.nat(moneyMax);

const coin: fc.Arbitrary<Coin> = fc.record({
  output: fc.record({ value: amount.map(satoshis), script: fc.uint8Array({ maxLength: 100 }) }),
  height: fc.nat(0x7fff_ffff),
  isCoinbase: fc.boolean(),
});

const point = fc.record({ txid: hex.map((digits) => digits as Txid), index: uint32 });

describe("a record is read as it was written:", () => {
  test("chain", () => {
    fc.assert(
      fc.property(hex, hex, uint32, (genesis, tip, headers) => {
        const record = { genesis: genesis as BlockHash, tip: tip as BlockHash, headers };
        const bytes = records.encodeChainRecord(record);
        expect(records.decodeChainRecord(bytes)).toEqual(record);
      }),
    );
  });

  test("header", () => {
    const { header } = new Forest().plant("a1").block("a1");
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (hasBody, isInvalid, byCommand) => {
        const record = { header, hasBody, isInvalid, isInvalidByCommand: byCommand };
        expect(records.decodeHeaderRecord(records.encodeHeaderRecord(record))).toEqual(record);
        const measures = { transactionCount: 1, sizeBytes: 4_000_000, weight: 3_999_999 };
        const measured = { ...record, measures };
        expect(records.decodeHeaderRecord(records.encodeHeaderRecord(measured))).toEqual(measured);
      }),
    );
  });

  test("block", () => {
    const block = new Forest().plant("a1").block("a1") as PlacedBlock;
    expect(records.decodeBlockRecord(records.encodeBlockRecord(block))).toEqual(block);
    expect(() => records.decodeBlockRecord(Uint8Array.of(1))).toThrow("does not decode");
  });

  test("coin", () => {
    fc.assert(
      fc.property(coin, (each) => {
        expect(records.decodeCoin(records.encodeCoin(each))).toEqual(each);
      }),
    );
  });

  test("undo", () => {
    fc.assert(
      fc.property(fc.array(coin), (spent) => {
        expect(records.decodeUndo(records.encodeUndo(spent))).toEqual(spent);
      }),
    );
  });
});

describe("keys", () => {
  test("of coins are in the order of txid bytes, then of the index as a number", () => {
    fc.assert(
      fc.property(point, point, (a, b) => {
        const bytesOrder = Buffer.compare(hashBytes(a.txid), hashBytes(b.txid));
        const expected = bytesOrder === 0 ? a.index - b.index : bytesOrder;
        const [left, right] = [records.coinKey(a), records.coinKey(b)];
        expect(Math.sign(left < right ? -1 : left > right ? 1 : 0)).toBe(Math.sign(expected));
      }),
    );
    const txid = "ab".repeat(32) as Txid;
    expect(records.coinKey({ txid, index: 9 }) < records.coinKey({ txid, index: 10 })).toBe(true);
  });

  test("of coins name their coin", () => {
    fc.assert(
      fc.property(point, (each) => {
        const digits = records.coinKey(each).slice(records.coinPrefix.length);
        expect(records.parsePointDigits(digits)).toEqual(each);
      }),
    );
  });

  test("of headers are in the order of their numbers", () => {
    expect(records.headerKey(9) < records.headerKey(10)).toBe(true);
    expect(records.headerKey(255) < records.headerKey(256)).toBe(true);
  });
});
