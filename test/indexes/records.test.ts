/** Checks that the records of indexes say after reading what was written, and that keys sort. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { moneyMax } from "../../src/consensus/money.ts";
import {
  decodeTotals,
  encodeTotals,
  historyKey,
  historyPrefix,
  ownerOf,
} from "../../src/indexes/address-records.ts";
import {
  decodePlace,
  decodeSpender,
  encodePlace,
  encodeSpender,
} from "../../src/indexes/transaction-index.ts";
import type { BlockHash, Txid } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";

const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex);
const uint32 = fc.nat(0xffff_ffff);
const amount = fc.nat(moneyMax);

test("a place, a spender and totals are read as they were written", () => {
  fc.assert(
    fc.property(hex, uint32, uint32, amount, (hash, height, position, sum) => {
      const place = { block: hash as BlockHash, height, position };
      expect(decodePlace(encodePlace(place))).toEqual(place);
      const spender = { txid: hash as Txid, input: position };
      expect(decodeSpender(encodeSpender(spender))).toEqual(spender);
      const totals = {
        fundedCount: height,
        fundedSum: sum,
        spentCount: position,
        spentSum: sum,
        transactionCount: 3,
      };
      expect(decodeTotals(encodeTotals(totals))).toEqual(totals);
    }),
  );
});

test("an owner's history is in the order of heights, then of positions", () => {
  const owner = ownerOf(new Uint8Array(32));
  const keys = [historyKey(owner, 9, 5), historyKey(owner, 10, 0), historyKey(owner, 10, 11)];
  expect(keys.toSorted()).toEqual(keys);
  expect(keys.every((key) => key.startsWith(historyPrefix(owner)))).toBe(true);
});
