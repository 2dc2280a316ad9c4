/** The blocks that fill the purses. */

import { expect, test } from "vitest";
import { Chain } from "../../../src/chain/chain.ts";
import { lab } from "../../../src/consensus/params.ts";
import { createTinyVerifier } from "../../../src/io/verifying/signature-verifier.ts";
import { mineFunding } from "../../../src/lab/money/funding.ts";
import { Purse } from "../../../src/lab/money/purse.ts";
import { bytesToHex } from "../../../src/primitives/bytes.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { txidOf } from "../../../src/primitives/transaction.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";

test("every node accepts them, and then every purse has many coins, one of them large", async () => {
  const purses = ["alice", "mallory", "shop"].map((name) => new Purse("1", name, lab));
  const favourite = purses[1]!;
  const now = Date.now() as Milliseconds;
  const blocks = await mineFunding({ params: lab, purses, favourite, now });
  expect(blocks).toHaveLength(lab.coinbaseMaturity + 2);

  const store = new MemoryStore();
  const chain = new Chain({ params: lab, store, verifier: createTinyVerifier(), companions: [] });
  for (const block of blocks) expect(chain.accept(block, now).status).toBe("tip");

  const handOut = blocks.at(-1)!.transactions[1]!;
  const values = new Map<string, number[]>();
  for (const [index, { script, value }] of handOut.outputs.entries()) {
    expect(chain.coinAt({ txid: txidOf(handOut), index })?.output.value).toBe(value);
    const owner = bytesToHex(script);
    values.set(owner, [...(values.get(owner) ?? []), value]);
  }
  for (const { key } of purses) {
    expect(values.get(bytesToHex(key.script))!.length).toBeGreaterThanOrEqual(16);
  }
  expect(Math.max(...values.get(bytesToHex(favourite.key.script))!)).toBe(30e8);
});
