/** What is read from a node's answers. */

import { expect, test } from "vitest";
import {
  balanceFacts,
  blockFacts,
  transactionFacts,
} from "../../../src/dashboard/story/rest-facts.ts";

const output = { scriptpubkey_address: "pow1shop", value: 5_000 };
const input = { prevout: { scriptpubkey_address: "pow1alice", value: 6_000 }, is_coinbase: false };

test("a transaction tells who pays whom, its fee and its size", () => {
  const change = { scriptpubkey_address: "pow1alice", value: 850 };
  const json = { fee: 150, weight: 601, vin: [input, input], vout: [output, change] };
  expect(transactionFacts(json)).toEqual({
    isCoinbase: false,
    fee: 150,
    virtualSizeBytes: 151,
    from: ["pow1alice"],
    to: [
      { address: "pow1shop", value: 5_000 },
      { address: "pow1alice", value: 850 },
    ],
  });
});

test("a coinbase has no payer, and an unspendable output has no address", () => {
  const vin = [{ prevout: null, is_coinbase: true }];
  const facts = transactionFacts({ fee: 0, weight: 400, vin, vout: [{ value: 0 }] });
  expect(facts).toMatchObject({ isCoinbase: true, from: [], to: [{ address: null, value: 0 }] });
});

test("a balance is what was received less what was spent, and what waits stands beside it", () => {
  const chain_stats = { funded_txo_sum: 900, spent_txo_sum: 300 };
  const mempool_stats = { funded_txo_sum: 0, spent_txo_sum: 100 };
  const json = { address: "pow1alice", chain_stats, mempool_stats };
  expect(balanceFacts(json)).toEqual({ confirmed: 600, waiting: -100 });
});

test("a block tells its nonce", () => {
  const json = { nonce: 7, difficulty: 1.5, weight: 900, id: "00" };
  expect(blockFacts(json)).toEqual({ nonce: 7, difficulty: 1.5, weight: 900 });
});

test.each([undefined, null, "Transaction not found", [], { fee: "150" }])(
  "%j is no answer",
  (json) => {
    expect(transactionFacts(json)).toBeNull();
    expect(blockFacts(json)).toBeNull();
    expect(balanceFacts(json)).toBeNull();
  },
);
