/** The first blocks of a lab, mined before it opens: they fill all purses. */

import { setImmediate as nextTurn } from "node:timers/promises";
import { Chain } from "../../chain/chain.ts";
import { subsidyAt } from "../../consensus/money.ts";
import type { Params } from "../../consensus/params.ts";
import { createJavaScriptHasher } from "../../io/hashing/hasher.ts";
import { createTinyVerifier } from "../../io/signature-verifier.ts";
import { makeTemplate, type BlockTemplate } from "../../mempool/template.ts";
import type { Block } from "../../primitives/block.ts";
import type { Milliseconds, Satoshi } from "../../primitives/brand.ts";
import { encodeHeader } from "../../primitives/header.ts";
import { targetBytes } from "../../primitives/target.ts";
import { txidOf, type Output, type Transaction } from "../../primitives/transaction.ts";
import { MemoryStore } from "../../sim/memory-store.ts";
import type { OwnCoin } from "../../wallet/payment.ts";
import type { Purse } from "./purse.ts";

/** In the end so many coinbases are ripe, and their money is handed out. */
const ripeCount = 2;
/** Each payment keeps one busy until its change is in a block. */
const coinsPerPurse = 16;
/** What of the ripe money goes to all; the rest makes one large coin for the attack. */
const sharedPart = 0.6;
const attackPart = 0.3;
/** Nonces between two turns of the event loop: about 10 ms. */
const chunk = 10_000;

export type FundingOptions = {
  readonly params: Params;
  /** At least one; the first mines all the blocks. */
  readonly purses: readonly Purse[];
  /** Gets one large coin beside its small ones. */
  readonly favourite: Purse;
  /** The last block's time; the others are a spacing apart, so that the target hardly moves. */
  readonly now: Milliseconds;
};

/** Real blocks with real proof of work; the newest is the one that hands the money out. */
export async function mineFunding(options: FundingOptions): Promise<readonly Block[]> {
  const { params, purses, now } = options;
  const [miner] = purses;
  if (miner === undefined) throw new RangeError("a lab without purses needs no funding");
  const verifier = createTinyVerifier();
  const chain = new Chain({ params, store: new MemoryStore(), verifier, companions: [] });
  const count = params.coinbaseMaturity + ripeCount;
  const blocks: Block[] = [];
  for (let height = 1; height <= count; height++) {
    const at = (now - (count - height) * params.spacingSeconds * 1000) as Milliseconds;
    const handOut = height === count ? handOutBy(miner, blocks, options) : undefined;
    const template = makeTemplate({
      params,
      parent: chain.tip,
      payTo: miner.key.script,
      transactions: handOut === undefined ? [] : [handOut],
      fees: 0 as Satoshi, // what the hand-out pays nobody claims: the rules allow to take less
      now: at,
      extraNonce: 0,
    });
    const block = await solve(template);
    const { status } = chain.accept(block, at);
    if (status !== "tip") throw new Error(`funding block ${height} was not accepted: ${status}`);
    blocks.push(block);
  }
  return blocks;
}

function handOutBy(miner: Purse, blocks: readonly Block[], options: FundingOptions): Transaction {
  const { params, purses, favourite } = options;
  const coins = blocks.slice(0, ripeCount).map((block, i): OwnCoin => {
    const [coinbase] = block.transactions;
    if (coinbase === undefined) throw new Error("a block has a coinbase");
    const { script, place } = miner.key;
    const value = subsidyAt(i + 1, params);
    return { point: { txid: txidOf(coinbase), index: 0 }, value, script, place };
  });
  const total = coins.reduce((sum, { value }) => sum + value, 0);
  const value = Math.floor((total * sharedPart) / (purses.length * coinsPerPurse)) as Satoshi;
  const small = purses.flatMap(({ key }) =>
    Array.from({ length: coinsPerPurse }, (): Output => ({ value, script: key.script })),
  );
  const large = { value: Math.floor(total * attackPart) as Satoshi, script: favourite.key.script };
  return miner.spend(coins, [large, ...small]);
}

/** Searches on this thread, in small steps, so that nothing else has to wait. */
async function solve({ block, target }: BlockTemplate): Promise<Block> {
  const hasher = createJavaScriptHasher();
  hasher.prepare(encodeHeader(block.header), targetBytes(target));
  for (let start = 0; ; start += chunk) {
    const nonce = hasher.search(start, chunk);
    if (nonce !== undefined) return { ...block, header: { ...block.header, nonce } };
    await nextTurn();
  }
}
