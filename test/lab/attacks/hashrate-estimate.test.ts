/** What others hash a second, from their blocks: their work by the time between the first and the last. */

import { expect, test } from "vitest";
import type { TransactionJson } from "../../../src/contract/node-api.ts";
import { type BlockSource, estimateHashrate } from "../../../src/lab/attacks/hashrate-estimate.ts";
import type { BlockHash, CompactTarget, Txid } from "../../../src/primitives/brand.ts";

/** 2^16 hashes of work. */
const bits = 0x1f00ffff as CompactTarget;

/** A chain of blocks of 65,536 hashes that are so many seconds apart; some are one's own. */
function chainOf(height: number, spacing: number, own: readonly number[] = []): BlockSource {
  return {
    node: async () => ({ height }),
    historyOf: async () => own.map((at) => ({ txid: String(at) as Txid }) as TransactionJson),
    blockHashAt: async (at) => String(at) as BlockHash,
    block: async (hash) => ({ timestamp: 1_000 + Number(hash) * spacing, bits }),
    blockTxids: async (hash) => [hash as string as Txid],
  };
}

test("blocks of 65,536 hashes every 2 s are the work of 32,768 hashes a second", async () => {
  expect(await estimateHashrate(chainOf(100, 2), "me")).toBeCloseTo(32_768, -1);
  expect(await estimateHashrate(chainOf(13, 2), "me")).toBeCloseTo(32_768, -1);
});

test("one's own blocks are left out, but not the time that they took", async () => {
  const own = Array.from({ length: 10 }, (_, i) => 91 + i);
  expect(await estimateHashrate(chainOf(100, 2, own), "me")).toBeCloseTo(32_768 * 0.75, -1);
});

test("a chain that is too young, or whose blocks have one time, is refused", async () => {
  await expect(estimateHashrate(chainOf(12, 2), "me")).rejects.toThrow(
    "The chain has 12 blocks, and its hash rate can be estimated from 13 on",
  );
  await expect(estimateHashrate(chainOf(50, 0), "me")).rejects.toThrow("do not show a hash rate");
});
