/** The blocks that fill the wallets. */

import { expect, test } from "vitest";
import { Chain } from "../../../src/chain/chain.ts";
import { lab } from "../../../src/consensus/params.ts";
import { createTinyVerifier } from "../../../src/io/verifying/signature-verifier.ts";
import { mineFunding } from "../../../src/lab/money/funding.ts";
import { NodeWallet } from "../../../src/lab/money/node-wallet.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { bytesToHex } from "../../../src/primitives/bytes.ts";
import { txidOf } from "../../../src/primitives/transaction.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";

test("a clock before the first block of the network is named with the difference", async () => {
  const wallet = new NodeWallet("1", "alice", lab);
  const now = Date.UTC(2025, 11, 30) as Milliseconds;
  const mined = mineFunding({ params: lab, wallets: [wallet], richest: wallet, now });
  await expect(mined).rejects.toThrow(
    "clock says 2025-12-30T00:00:00.000Z, which is 2 days before the lab network began " +
      "(2026-01-01T00:00:00.000Z): no block can be made before that. Set the clock, then start again.",
  );
});

test("a clock that has just passed the beginning of the network is late enough", async () => {
  const wallet = new NodeWallet("1", "alice", lab);
  const now = ((lab.genesis.header.time + 1) * 1000) as Milliseconds;
  const blocks = await mineFunding({ params: lab, wallets: [wallet], richest: wallet, now });
  expect(blocks).toHaveLength(lab.coinbaseMaturity + 2);
});

test("every node accepts them, and then every wallet has many coins, one of them large", async () => {
  const wallets = ["alice", "mallory", "shop"].map((name) => new NodeWallet("1", name, lab));
  const attacker = wallets[1]!;
  const now = Date.now() as Milliseconds;
  const blocks = await mineFunding({ params: lab, wallets, richest: attacker, now });
  expect(blocks).toHaveLength(lab.coinbaseMaturity + 2);

  const store = new MemoryStore();
  const chain = new Chain({ params: lab, store, verifier: createTinyVerifier(), companions: [] });
  for (const block of blocks) expect(chain.accept(block, now).status).toBe("tip");

  const distribution = blocks.at(-1)!.transactions[1]!;
  const values = new Map<string, number[]>();
  for (const [index, { script, value }] of distribution.outputs.entries()) {
    expect(chain.coinAt({ txid: txidOf(distribution), index })?.output.value).toBe(value);
    const owner = bytesToHex(script);
    values.set(owner, [...(values.get(owner) ?? []), value]);
  }
  for (const { key } of wallets) {
    expect(values.get(bytesToHex(key.script))!.length).toBeGreaterThanOrEqual(16);
  }
  expect(Math.max(...values.get(bytesToHex(attacker.key.script))!)).toBe(30e8);
});
