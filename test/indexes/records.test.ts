/** Checks that the records of the index say after reading what was written, and that keys sort. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { moneyMax } from "../../src/consensus/money.ts";
import { encodeIndexState, indexKey, readIndexState } from "../../src/indexes/index-state.ts";
import {
  decodeEntries,
  decodeEntry,
  decodeScriptRecord,
  encodeEntry,
  encodeScriptRecord,
  joinEntries,
  pageKey,
  pagePrefix,
  scriptHashOf,
  splitEntries,
} from "../../src/indexes/script-records.ts";
import {
  decodeLayout,
  decodeTransactionRecord,
  encodeLayout,
  encodeTransactionRecord,
  layoutRowSizeBytes,
  txidsOfLayout,
} from "../../src/indexes/transaction-records.ts";
import type { BlockHash, Txid } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { MemoryStore } from "../../src/sim/engine/memory-store.ts";

const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex);
const txid = hex.map((digits) => digits as Txid);
const uint32 = fc.nat(0xffff_ffff);
const amount = fc.nat(moneyMax);

const spender = fc.record({ output: uint32, txid, input: uint32, height: uint32 });
const entry = fc.record({
  height: uint32,
  position: uint32,
  txid,
  funded: fc.array(fc.record({ index: uint32, value: amount }), { maxLength: 4 }),
  spent: fc.array(fc.record({ txid, index: uint32 }), { maxLength: 4 }),
});

test("the record of a transaction is read as it was written, with all its spenders", () => {
  const record = fc.record({ height: uint32, position: uint32, spenders: fc.array(spender) });
  fc.assert(
    fc.property(record, (each) => {
      expect(decodeTransactionRecord(encodeTransactionRecord(each))).toEqual(each);
    }),
  );
});

test("a layout is read row by row, and its ids without that of the end", () => {
  const row = fc.record({ txid, offset: uint32, undoOffset: uint32 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 9 }), (rows) => {
      const bytes = encodeLayout(rows);
      expect(bytes).toHaveLength(rows.length * layoutRowSizeBytes);
      expect(decodeLayout(bytes)).toEqual(rows);
      expect(txidsOfLayout(bytes)).toEqual(rows.slice(0, -1).map((each) => each.txid));
      const second = bytes.subarray(layoutRowSizeBytes, 2 * layoutRowSizeBytes);
      expect(decodeLayout(second)).toEqual([rows[1]]);
    }),
  );
});

test("entries are read as they were written, alone and in a row", () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const encoded = entries.map(encodeEntry);
      const joined = joinEntries(encoded);
      expect(encoded.map(decodeEntry)).toEqual(entries);
      expect(decodeEntries(joined)).toEqual(entries);
      expect(splitEntries(joined)).toEqual(encoded);
    }),
  );
});

test("the record of a script is read as it was written", () => {
  fc.assert(
    fc.property(uint32, amount, fc.uint8Array(), fc.uint8Array(), (count, sum, script, tail) => {
      const totals = {
        fundedCount: count,
        fundedSum: sum,
        spentCount: 2,
        spentSum: sum,
        transactionCount: 3,
      };
      const record = { totals, script, tail };
      expect(decodeScriptRecord(encodeScriptRecord(record))).toEqual(record);
    }),
  );
});

test("the state is read as it was written, and is unknown before the first block", () => {
  const store = new MemoryStore();
  expect(readIndexState(store)).toBeUndefined();
  const state = { height: 70_000, hash: "ab".repeat(32) as BlockHash };
  store.commit([{ type: "put", key: indexKey, value: encodeIndexState(state) }]);
  expect(readIndexState(store)).toEqual(state);
});

test("a script's pages are in the order of their numbers", () => {
  const script = scriptHashOf(new Uint8Array());
  const keys = [pageKey(script, 9), pageKey(script, 10), pageKey(script, 256)];
  expect(keys.toSorted()).toEqual(keys);
  expect(keys.every((key) => key.startsWith(pagePrefix(script)))).toBe(true);
});
