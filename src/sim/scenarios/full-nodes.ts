/** Hundreds of full nodes that mine, pay and relay, each with every block and coin of its own. */

import { regtest } from "../../consensus/params.ts";
import type { Satoshi, Txid } from "../../primitives/brand.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import { txidOf } from "../../primitives/transaction.ts";
import { requireCount } from "../../theory/statistics.ts";
import { defaultStart, hashrateOf } from "../chain-world/chain-world.ts";
import { findDisagreement } from "../chain-world/checks/agreement.ts";
import { type HeadStart, mineHeadStart } from "../chain-world/head-start.ts";
import { type PaymentCoin, SimulatedWallet } from "../chain-world/simulated-wallet.ts";
import { Graph } from "../crowd/graph.ts";
import { fullNodesLimits } from "../crowd/limits.ts";
import { intervalMs, Run } from "./run.ts";
import type { RunOptions } from "./scenario.ts";

export type FullNodesRun = RunOptions & {
  readonly nodes: number;
  /** How high the chain grows. */
  readonly blocks: number;
};

export type FullNodesOutcome = {
  readonly outcome: "agreed" | "disagreed";
  readonly seed: string;
  readonly nodes: number;
  readonly links: number;
  readonly blocks: number;
  readonly staleBlocks: number;
  readonly payments: number;
  readonly confirmedPayments: number;
  /** In what nodes differ in the end; empty if in nothing. */
  readonly disagreement: string;
  readonly elapsedMs: number;
  /** What nodes handled. */
  readonly events: number;
};

/** Each node calls so many others, and as many call it on average. */
const calls = 4;
/** One in so many nodes mines, as most of a network's nodes only listen and relay. */
const nodesPerMiner = 10;
const payersMax = 20;
const paymentIntervalMs = 4_000;
const fee = 1_000 as Satoshi;
/** Templates follow a new tip or payment soon anyway. */
const templateRenewalMs = 600_000;
/** How long nodes may take to agree once no node mines. */
const patienceMs = 120_000;
const patienceStepMs = 1_000;

/** A payer that pays itself again and again, each time from the coin that is left. */
type Payer = { readonly name: string; readonly wallet: SimulatedWallet; coin: PaymentCoin };

export function runFullNodes(options: FullNodesRun): FullNodesOutcome {
  const { nodesMin, nodesMax, blocksMax } = fullNodesLimits;
  requireCount("nodes", options.nodes, nodesMin, nodesMax);
  requireCount("blocks", options.blocks, 1, blocksMax);
  return new FullNodes(options).run();
}

class FullNodes extends Run<FullNodesOutcome> {
  readonly #options: FullNodesRun;
  readonly #names: readonly string[];
  readonly #graph: Graph;
  readonly #headStart: HeadStart;
  readonly #payers: readonly Payer[];
  readonly #payments = new Set<Txid>();
  #mined = 0;

  constructor(options: FullNodesRun) {
    super(options, { templateRenewalMs });
    const { seed, nodes, verifier } = options;
    const random = createRandom(seed);
    this.#options = options;
    this.#names = Array.from({ length: nodes }, (_, i) => `node-${i + 1}`);
    this.#graph = Graph.byCalls(
      this.#names.map(() => calls),
      random.fork("graph"),
    );
    const names = this.#names.slice(0, payersMax);
    const wallets = names.map((name) => new SimulatedWallet(random.fork(`purse of ${name}`)));
    const rest = new SimulatedWallet(random.fork("miners")).script;
    this.#headStart = mineHeadStart({
      params: regtest,
      verifier,
      start: defaultStart,
      rich: wallets.map(({ script }) => script),
      rest,
    });
    this.#payers = wallets.map((wallet, i) => {
      return { name: names[i] as string, wallet, coin: this.#headStart.coins[i] as PaymentCoin };
    });
    this.#setUp(rest);
  }

  #setUp(payTo: Uint8Array): void {
    const { records } = this.#headStart;
    const miners = new Set(this.#miners());
    const hashrate = hashrateOf(1 / miners.size, intervalMs, regtest);
    for (const name of this.#names) {
      this.world.add(name, miners.has(name) ? { records, hashrate, payTo } : { records });
    }
    for (const [a, b] of this.#graph.links()) {
      this.world.connect(this.#names[a] as string, this.#names[b] as string);
    }
  }

  #miners(): readonly string[] {
    return this.#names.filter((_, position) => position % nodesPerMiner === 0);
  }

  override run(): FullNodesOutcome {
    const { linkCount } = this.#graph;
    this.tell(
      `seed ${this.#options.seed}: ${this.#names.length} full nodes with ${linkCount} links`,
    );
    this.world.onNews((_name, news) => {
      if (news.type === "block-accepted" && news.origin === "mined") this.#mined += 1;
    });
    this.#mine(createRandom(this.#options.seed).fork("payers"));
    for (const name of this.#miners()) {
      this.world.command(name, { type: "set-mining", payTo: undefined });
    }
    const disagreement = this.#settle();
    const outcome = disagreement === undefined ? "agreed" : "disagreed";
    this.tell(`${outcome}: ${disagreement ?? "every node has the same blocks and coins"}`);
    return this.#sumUp(outcome, disagreement ?? "");
  }

  /** Lets the chain grow, with a payment now and then. */
  #mine(random: Random): void {
    const { chain } = this.world.node(this.#names[0] as string);
    const goal = this.#headStart.height + this.#options.blocks;
    while (chain.tip.height < goal) {
      this.world.runUntil(() => chain.tip.height >= goal, paymentIntervalMs);
      this.#pay(random.pick(this.#payers));
    }
  }

  #pay(payer: Payer): void {
    const { wallet, coin, name } = payer;
    const output = { value: (coin.output.value - fee) as Satoshi, script: wallet.script };
    const transaction = wallet.pay(coin, [output]);
    const answer = this.world.command(name, { type: "submit-transaction", transaction });
    // A chain of waiting payments may be too long; the next block makes it shorter.
    if (answer.type !== "transaction" || !answer.verdict.ok) return;
    const txid = txidOf(transaction);
    this.#payments.add(txid);
    payer.coin = { point: { txid, index: 0 }, output };
  }

  #settle(): string | undefined {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += patienceStepMs) {
      if (this.world.haveAgreed()) break;
      this.world.runFor(patienceStepMs);
    }
    return findDisagreement(this.#names.map((name) => this.world.subject(name)));
  }

  #sumUp(outcome: "agreed" | "disagreed", disagreement: string): FullNodesOutcome {
    const { chain } = this.world.node(this.#names[0] as string);
    const blocks = chain.tip.height - this.#headStart.height;
    let confirmedPayments = 0;
    for (let height = chain.tip.height; height > this.#headStart.height; height--) {
      const entry = chain.entryAt(height);
      const block = entry && chain.blockOf(entry.hash);
      for (const transaction of block?.transactions ?? []) {
        if (this.#payments.has(txidOf(transaction))) confirmedPayments += 1;
      }
    }
    return {
      outcome,
      seed: String(this.#options.seed),
      nodes: this.#names.length,
      links: this.#graph.linkCount,
      blocks,
      staleBlocks: this.#mined - blocks,
      payments: this.#payments.size,
      confirmedPayments,
      disagreement,
      elapsedMs: this.world.clock.elapsedMs,
      events: this.world.steps,
    };
  }
}
