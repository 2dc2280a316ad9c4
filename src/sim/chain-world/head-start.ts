/** A chain that is there before the first event, so that there is money to spend. */

import type { Params } from "../../consensus/params.ts";
import { describeProblem } from "../../consensus/problem.ts";
import { makeTemplate } from "../../mempool/template.ts";
import { Node } from "../../node/node.ts";
import type { Elapsed, Milliseconds, Satoshi } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { txidOf } from "../../primitives/transaction.ts";
import { MemoryStore, type Records } from "../engine/memory-store.ts";
import { solveBlock } from "./miner.ts";
import type { PaymentCoin } from "./simulated-wallet.ts";

export type HeadStartOptions = {
  readonly params: Params;
  readonly verifier: SignatureVerifier;
  /** When the world begins; the newest block is a spacing older. */
  readonly start: Milliseconds;
  /** The scripts that get the first blocks, one each. */
  readonly rich: readonly Uint8Array[];
  /** The script that gets those on top, as many as it takes until the first may be spent. */
  readonly rest: Uint8Array;
};

export type HeadStart = {
  /** What every node's store holds at first. */
  readonly records: Records;
  readonly height: number;
  /** For each of the rich a coin that can be spent in the next block. */
  readonly coins: readonly PaymentCoin[];
};

/** Mines it as any node would, only that the times of the blocks are set here. */
export function mineHeadStart(options: HeadStartOptions): HeadStart {
  const { params, verifier, start, rich, rest } = options;
  const height = rich.length + params.coinbaseMaturity - 1;
  const store = new MemoryStore();
  const node = new Node({ params, verifier, store, random: createRandom(0), companions: [] });
  const coins: PaymentCoin[] = [];
  for (let at = 1; at <= height; at++) {
    const ageMs = (height - at + 1) * params.spacingSeconds * 1000;
    const wall = (start - ageMs) as Milliseconds;
    const template = makeTemplate({
      params,
      parent: node.chain.tip,
      payTo: rich[at - 1] ?? rest,
      transactions: [],
      fees: 0 as Satoshi,
      now: wall,
      extraNonce: 0,
    });
    const block = solveBlock(template.block, template.target);
    const now = { wall, elapsed: at as Elapsed };
    for (const effect of node.handle({ type: "block-solved", block }, now)) {
      if (effect.type === "persist") store.persist(effect.batch);
      if (effect.type === "news" && effect.news.type === "block-rejected") {
        const reason = describeProblem(effect.news.problem);
        throw new Error(`block ${at} of the head start was rejected: ${reason}`);
      }
    }
    const [coinbase] = block.transactions;
    const [output] = coinbase?.outputs ?? [];
    if (coinbase && output && at <= rich.length) {
      coins.push({ point: { txid: txidOf(coinbase), index: 0 }, output });
    }
  }
  return { records: store.durable, height, coins };
}
