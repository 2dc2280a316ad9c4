/** Checks how much of the latest events is remembered. */

import { expect, test } from "vitest";
import { Chain } from "../../../src/chain/chain.ts";
import { regtest } from "../../../src/consensus/params.ts";
import { RecentHistory } from "../../../src/io/queries/recent-history.ts";
import type { Milliseconds, Satoshi, Txid } from "../../../src/primitives/brand.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";
import { trustingVerifier } from "../../builders.ts";

const at = 0 as Milliseconds;

function emptyHistory(): RecentHistory {
  const store = new MemoryStore();
  const verifier = trustingVerifier;
  return new RecentHistory(new Chain({ params: regtest, store, verifier, companions: [] }));
}

function txidNumber(number: number): Txid {
  return number.toString(16).padStart(64, "0") as Txid;
}

test("of many lost transactions the ones that were touched last are remembered", () => {
  const history = emptyHistory();
  const lose = (number: number) => {
    const facts = { txid: txidNumber(number), reason: "expired", by: undefined } as const;
    history.note({ type: "transaction-removed", ...facts }, at);
  };
  for (let number = 0; number < 20_000; number++) lose(number);
  lose(0);
  expect(history.pastOf(txidNumber(1))).toEqual({
    removal: { reason: "expired", by: undefined },
  });
  lose(20_000);
  expect(history.pastOf(txidNumber(0))).toBeDefined();
  expect(history.pastOf(txidNumber(1))).toBeUndefined();
  expect(history.pastOf(txidNumber(2))).toBeDefined();
});

test("a removal is forgotten when the transaction is admitted again", () => {
  const history = emptyHistory();
  const txid = txidNumber(7);
  history.note({ type: "transaction-removed", txid, reason: "evicted", by: undefined }, at);
  const fee = 100 as Satoshi;
  const admitted = { txid, fee, virtualSizeBytes: 100, from: undefined };
  history.note({ type: "transaction-admitted", ...admitted }, at);
  expect(history.pastOf(txid)?.removal).toBeUndefined();
});

test("the latest hundred reorganisations are remembered, the newest first", () => {
  const history = emptyHistory();
  const { genesisHash: hash } = regtest;
  for (let height = 0; height < 150; height++) {
    const moved = { tip: hash, fork: hash, forkHeight: 0, back: [], forth: [], readmitted: [] };
    history.note({ type: "reorganised", height, ...moved }, at);
  }
  const heights = history.reorganisations.map(({ news }) => news.height);
  expect(heights).toEqual(Array.from({ length: 100 }, (_, i) => 149 - i));
});
