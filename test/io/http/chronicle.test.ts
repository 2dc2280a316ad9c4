/** Checks how much a chronicle remembers; what it says is checked where the API asks it. */

import { expect, test } from "vitest";
import { Chain } from "../../../src/chain/chain.ts";
import { regtest } from "../../../src/consensus/params.ts";
import { Chronicle } from "../../../src/io/http/chronicle.ts";
import type { Milliseconds, Satoshi, Txid } from "../../../src/primitives/brand.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";
import { trustingVerifier } from "../../builders.ts";

const at = 0 as Milliseconds;

function emptyChronicle(): Chronicle {
  const store = new MemoryStore();
  const verifier = trustingVerifier;
  return new Chronicle(new Chain({ params: regtest, store, verifier, indexes: "none" }));
}

function txidNumber(number: number): Txid {
  return number.toString(16).padStart(64, "0") as Txid;
}

test("of many lost transactions the ones that were touched last are remembered", () => {
  const chronicle = emptyChronicle();
  const lose = (number: number) => {
    const facts = { txid: txidNumber(number), reason: "expired", by: undefined } as const;
    chronicle.note({ type: "transaction-removed", ...facts }, at);
  };
  for (let number = 0; number < 20_000; number++) lose(number);
  lose(0);
  expect(chronicle.trialsOf(txidNumber(1))).toEqual({
    removal: { reason: "expired", by: undefined },
  });
  lose(20_000);
  expect(chronicle.trialsOf(txidNumber(0))).toBeDefined();
  expect(chronicle.trialsOf(txidNumber(1))).toBeUndefined();
  expect(chronicle.trialsOf(txidNumber(2))).toBeDefined();
});

test("a removal is forgotten when the transaction is admitted again", () => {
  const chronicle = emptyChronicle();
  const txid = txidNumber(7);
  chronicle.note({ type: "transaction-removed", txid, reason: "evicted", by: undefined }, at);
  const fee = 100 as Satoshi;
  const admitted = { txid, fee, virtualSizeBytes: 100, from: undefined };
  chronicle.note({ type: "transaction-admitted", ...admitted }, at);
  expect(chronicle.trialsOf(txid)?.removal).toBeUndefined();
});

test("the latest hundred reorganisations are remembered, the newest first", () => {
  const chronicle = emptyChronicle();
  const { genesisHash: hash } = regtest;
  for (let height = 0; height < 150; height++) {
    const moved = { tip: hash, fork: hash, forkHeight: 0, back: [], forth: [], readmitted: [] };
    chronicle.note({ type: "reorganised", height, ...moved }, at);
  }
  const heights = chronicle.reorgs.map(({ height }) => height);
  expect(heights).toEqual(Array.from({ length: 100 }, (_, i) => 149 - i));
});
