/** A network in two halves: both go on, and after healing they agree and no payment is forgotten. */

import { regtest } from "../../consensus/params.ts";
import { satoshisPerCoin } from "../../primitives/amount.ts";
import type { Satoshi, Txid } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { type Output, type Transaction, txidOf } from "../../primitives/transaction.ts";
import { requireCount } from "../../theory/statistics.ts";
import { ChainWorld, defaultStart, hashrateOf } from "../chain-world/chain-world.ts";
import { findDisagreement } from "../chain-world/checks/agreement.ts";
import { allChecks } from "../chain-world/checks/all-checks.ts";
import { fateOf } from "../chain-world/fate.ts";
import { type HeadStart, mineHeadStart } from "../chain-world/head-start.ts";
import { Purse, type PurseCoin } from "../chain-world/purse.ts";
import { ChainTranscript, short } from "../chain-world/transcript.ts";


export type PartitionRun = {
  readonly seed: number | string;
  readonly verifier: SignatureVerifier;
  /** How long the halves are apart, in mean block intervals of the whole network. */
  readonly intervals?: number;
  readonly onLine?: (line: string) => void;
};

export type PartitionOutcome = {
  readonly outcome: "agreed" | "disagreed";
  readonly seed: string;
  /** Blocks that each half found while they were apart. */
  readonly leftBlocks: number;
  readonly rightBlocks: number;
  /** The most blocks that a node took back after healing. */
  readonly reorganisationDepth: number;
  /** Payments that waited again after healing, in the end confirmed like all others. */
  readonly returned: readonly Txid[];
  /** In what nodes still differ in the end; empty if in nothing. */
  readonly disagreement: string;
  readonly elapsedMs: number;
  readonly steps: number;
};

const intervalMs = 20_000;
const intervalsDefault = 12;
/** How long the halves may take to agree, and payments to be mined, in block intervals. */
const patienceIntervals = 200;
const price = (5 * satoshisPerCoin) as Satoshi;
const fee = 2_000 as Satoshi;

/** Nodes with their parts of the hash power. */
const left = { alice: 0, "miner-1": 0.4 };
const right = { bob: 0, "miner-2": 0.35, "miner-3": 0.25 };
const payers = ["alice", "bob"] as const;

export function runPartition(run: PartitionRun): PartitionOutcome {
  requireCount("intervals", run.intervals ?? intervalsDefault, 1);
  return new Play(run).perform();
}

class Play {
  readonly #run: PartitionRun;
  readonly #world: ChainWorld;
  readonly #transcript: ChainTranscript;
  readonly #purses: readonly Purse[];
  readonly #miners: Purse;
  readonly #headStart: HeadStart;
  readonly #payments: Txid[] = [];
  readonly #returned = new Set<Txid>();
  #reorganisationDepth = 0;

  constructor(run: PartitionRun) {
    const { seed, verifier, onLine } = run;
    this.#run = run;
    this.#world = new ChainWorld({ seed, verifier, checks: allChecks() });
    this.#transcript = new ChainTranscript(this.#world, onLine ?? (() => undefined));
    const random = createRandom("partition").fork("purses");
    this.#purses = payers.map((name) => new Purse(random.fork(name)));
    this.#miners = new Purse(random.fork("miners"));
    this.#headStart = mineHeadStart({
      params: regtest,
      verifier,
      start: defaultStart,
      rich: this.#purses.map(({ script }) => script),
      rest: this.#miners.script,
    });
  }

  perform(): PartitionOutcome {
    this.#tell(`seed ${this.#run.seed}: a network, soon in two halves`);
    for (const [name, share] of Object.entries({ ...left, ...right })) {
      const hashrate = hashrateOf(share, intervalMs, this.#world.params);
      const { records } = this.#headStart;
      this.#world.add(name, { records, hashrate, payTo: this.#miners.script });
    }
    this.#world.connectAll();
    this.#watch();
    this.#world.runFor(2 * intervalMs);
    const [leftBlocks, rightBlocks] = this.#beApart();
    this.#healAndAgree();
    return this.#judge(leftBlocks, rightBlocks);
  }

  #watch(): void {
    this.#world.onNews((_name, news) => {
      if (news.type !== "reorganised") return;
      this.#reorganisationDepth = Math.max(this.#reorganisationDepth, news.back.length);
      for (const txid of news.readmitted) this.#returned.add(txid);
    });
  }

  /** Answers how many blocks each half found. */
  #beApart(): readonly [number, number] {
    this.#world.split(Object.keys(left), Object.keys(right));
    this.#tell(`the network falls apart: ${listOf(left)} and ${listOf(right)}`);
    const before = payers.map((name) => this.#heightOf(name));
    const [alice, bob] = this.#purses;
    const [aliceCoin, bobCoin] = this.#headStart.coins;
    if (!alice || !bob || !aliceCoin || !bobCoin) throw new Error("both have a purse and a coin");
    this.#pay("alice", alice.pay(aliceCoin, outputsOf(aliceCoin, alice, bob)));
    this.#pay("bob", bob.pay(bobCoin, outputsOf(bobCoin, bob, alice)));
    this.#world.runFor((this.#run.intervals ?? intervalsDefault) * intervalMs);
    const [leftBlocks = 0, rightBlocks = 0] = payers.map((name, position) => {
      return this.#heightOf(name) - (before[position] ?? 0);
    });
    this.#tell(`apart they found ${leftBlocks} and ${rightBlocks} blocks`);
    return [leftBlocks, rightBlocks];
  }

  #pay(payer: string, transaction: Transaction): void {
    const answer = this.#world.command(payer, { type: "submit-transaction", transaction });
    if (answer.type !== "transaction" || !answer.verdict.ok) throw new Error("nobody pays");
    this.#payments.push(txidOf(transaction));
    this.#say(payer, `pays, heard in one half only: ${short(txidOf(transaction))}`);
  }

  #healAndAgree(): void {
    this.#reorganisationDepth = 0;
    this.#returned.clear();
    this.#tell("the network heals");
    this.#world.heal();
    const patienceMs = patienceIntervals * intervalMs;
    const haveAgreed = this.#world.runUntil(() => this.#world.haveAgreed(), patienceMs);
    if (haveAgreed) this.#tell(`all agree on ${short(this.#world.node("alice").chain.tip.hash)}`);
    for (const txid of this.#returned) this.#tell(`payment ${short(txid)} waits again`);
    const isDone = () => this.#world.haveAgreed() && this.#areAllPaid();
    if (this.#world.runUntil(isDone, patienceMs)) this.#tell("all payments are confirmed");
  }

  #judge(leftBlocks: number, rightBlocks: number): PartitionOutcome {
    const subjects = this.#world.names.map((name) => this.#world.subject(name));
    const disagreement = findDisagreement(subjects);
    const outcome = disagreement === undefined && this.#areAllPaid() ? "agreed" : "disagreed";
    this.#tell(`${outcome}; ${this.#reorganisationDepth} blocks were taken back at most`);
    return {
      outcome,
      seed: String(this.#run.seed),
      leftBlocks,
      rightBlocks,
      reorganisationDepth: this.#reorganisationDepth,
      returned: [...this.#returned],
      disagreement: disagreement ?? "",
      elapsedMs: this.#world.clock.elapsedMs,
      steps: this.#world.steps,
    };
  }

  #areAllPaid(): boolean {
    return this.#world.names.every((name) => {
      const node = this.#world.node(name);
      return this.#payments.every((txid) => {
        return fateOf(txid, node, this.#headStart.height).status === "confirmed";
      });
    });
  }

  #heightOf(name: string): number {
    return this.#world.node(name).chain.tip.height;
  }

  #say(who: string, text: string): void {
    this.#transcript.say(this.#world.host(who).name, text);
  }

  #tell(text: string): void {
    this.#transcript.say("", text);
  }
}

function outputsOf(coin: PurseCoin, from: Purse, to: Purse): Output[] {
  const change = (coin.output.value - price - fee) as Satoshi;
  return [
    { value: price, script: to.script },
    { value: change, script: from.script },
  ];
}

function listOf(half: Readonly<Record<string, number>>): string {
  return Object.keys(half).join(", ");
}
