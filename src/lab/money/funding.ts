/** The first blocks of a lab, mined before it opens: they fill all wallets. */

import { Chain } from "../../chain/chain.ts";
import { subsidyAt } from "../../consensus/money.ts";
import type { Params } from "../../consensus/params.ts";
import { describeProblem } from "../../consensus/problem.ts";
import { solve } from "../../io/mining/solved-block.ts";
import { createTinyVerifier } from "../../io/verifying/signature-verifier.ts";
import { makeTemplate } from "../../mempool/template.ts";
import type { Block } from "../../primitives/block.ts";
import type { Milliseconds, Satoshi } from "../../primitives/brand.ts";
import { spanText } from "../../primitives/figures.ts";
import { type Output, type Transaction, txidOf } from "../../primitives/transaction.ts";
import { MemoryStore } from "../../sim/engine/memory-store.ts";
import type { OwnCoin } from "../../wallet/payment.ts";
import type { NodeWallet } from "./node-wallet.ts";

/** So many coinbases are mature in the end; their money is distributed. */
const matureCount = 2;
/** Each payment locks a coin until its change is in a block. */
const coinsPerWallet = 16;
/** Parts of the mature money: for the coins of all, and for one large coin of the richest. */
const sharedPart = 0.6;
const largePart = 0.3;

export type FundingOptions = {
  readonly params: Params;
  /** At least one; the first mines all the blocks. */
  readonly wallets: readonly NodeWallet[];
  /** Gets one large coin beside its small ones. */
  readonly richest: NodeWallet;
  /** So many more coinbases are mature in the end; the first wallet keeps them as they are. */
  readonly keptCoinbases?: number;
  /** The last block's time; the others are a spacing apart, so that the target hardly moves. */
  readonly now: Milliseconds;
};

/** Real blocks with real proof of work; the last one holds the transaction that distributes the money. */
export async function mineFunding(options: FundingOptions): Promise<readonly Block[]> {
  const { params, wallets, now, keptCoinbases = 0 } = options;
  const [miner] = wallets;
  if (miner === undefined) throw new RangeError("a lab without wallets needs no funding");
  requireClock(options);
  const verifier = createTinyVerifier();
  const chain = new Chain({ params, store: new MemoryStore(), verifier, companions: [] });
  const count = params.coinbaseMaturity + matureCount + keptCoinbases;
  const blocks: Block[] = [];
  for (let height = 1; height <= count; height++) {
    const at = (now - (count - height) * params.spacingSeconds * 1000) as Milliseconds;
    const distribution = height === count ? distributionBy(miner, blocks, options) : undefined;
    const template = makeTemplate({
      params,
      parent: chain.tip,
      payTo: miner.key.script,
      transactions: distribution === undefined ? [] : [distribution],
      fees: 0 as Satoshi, // its fee is not claimed; the rules allow to take less
      now: at,
      extraNonce: 0,
    });
    const block = await solve(template);
    const acceptance = chain.accept(block, now);
    if (acceptance.status === "rejected") {
      const { problem } = acceptance;
      throw new Error(`funding block ${height} was rejected: ${describeProblem(problem)}`);
    }
    blocks.push(block);
  }
  return blocks;
}

/** @throws Error that names the difference, if the clock allows no block after genesis. */
function requireClock({ params, now }: FundingOptions): void {
  const { time } = params.genesis.header;
  const aheadSeconds = time - Math.floor(now / 1000);
  if (aheadSeconds < 0) return;
  throw new Error(
    `This machine's clock says ${timeText(now / 1000)}, which is ${spanText(aheadSeconds)} before ` +
      `the ${params.name} network began (${timeText(time)}): no block can be made before that. ` +
      "Set the clock, then start again.",
  );
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function distributionBy(
  miner: NodeWallet,
  blocks: readonly Block[],
  options: FundingOptions,
): Transaction {
  const { params, wallets, richest } = options;
  const coins = blocks.slice(0, matureCount).map((block, i): OwnCoin => {
    const [coinbase] = block.transactions;
    if (coinbase === undefined) throw new Error("a block has a coinbase");
    const { script, place } = miner.key;
    const value = subsidyAt(i + 1, params);
    return { point: { txid: txidOf(coinbase), index: 0 }, value, script, place };
  });
  const total = coins.reduce((sum, { value }) => sum + value, 0);
  const value = Math.floor((total * sharedPart) / (wallets.length * coinsPerWallet)) as Satoshi;
  const small = wallets.flatMap(({ key }) =>
    Array.from({ length: coinsPerWallet }, (): Output => ({ value, script: key.script })),
  );
  const large = { value: Math.floor(total * largePart) as Satoshi, script: richest.key.script };
  return miner.spend(coins, [large, ...small]);
}
