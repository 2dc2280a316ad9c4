/** A network in two halves: both go on, and after healing they agree and no payment is lost. */

import { regtest } from "../../consensus/params.ts";
import { satoshisPerCoin } from "../../primitives/amount.ts";
import type { Satoshi, Txid } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import { type Output, type Transaction, txidOf } from "../../primitives/transaction.ts";
import { requireCount } from "../../theory/statistics.ts";
import { defaultStart } from "../chain-world/chain-world.ts";
import { findDisagreement } from "../chain-world/checks/agreement.ts";
import { allChecks } from "../chain-world/checks/all-checks.ts";
import { type HeadStart, mineHeadStart } from "../chain-world/head-start.ts";
import { type PaymentCoin, SimulatedWallet } from "../chain-world/simulated-wallet.ts";
import { short } from "../chain-world/transcript.ts";
import { intervalMs, Run } from "./run.ts";
import { defineScenario, type RunOptions } from "./scenario.ts";

export type PartitionRun = RunOptions & {
  /** How long the halves are apart, in mean block intervals of the whole network. */
  readonly intervals?: number;
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

const intervalsDefault = 12;

const parameters = {
  intervals: wholeParameter("how long the halves are apart, in block intervals", {
    min: 1,
    max: 1_000,
    initial: intervalsDefault,
  }),
};

export const partition = defineScenario<typeof parameters>({
  name: "partition",
  summary: "a network in two halves that must agree again, and lose no payment",
  parameters,
  examples: [["--seed 7", "the weaker half's payment waits again and is confirmed"]],
  next: "powlab experiment partition",
  run: (values, options) => {
    const outcome = runPartition({ ...values, ...options });
    if (outcome.outcome === "agreed") return { outcome };
    const reason = outcome.disagreement === "" ? "a payment got lost" : outcome.disagreement;
    return { outcome, failure: `The nodes should have agreed: ${reason}.` };
  },
});

/** How long the halves may take to agree, and payments to be mined, in block intervals. */
const patienceIntervals = 200;
const price = (5 * satoshisPerCoin) as Satoshi;
const fee = 2_000 as Satoshi;

/** Nodes with their parts of the hash power. */
const left = { alice: 0, "miner-1": 0.4 };
const right = { bob: 0, "miner-2": 0.35, "miner-3": 0.25 };
const payers = ["alice", "bob"] as const;

export function runPartition(options: PartitionRun): PartitionOutcome {
  requireCount("intervals", options.intervals ?? intervalsDefault, 1);
  return new Partition(options).run();
}

class Partition extends Run<PartitionOutcome> {
  readonly #options: PartitionRun;
  readonly #wallets: readonly SimulatedWallet[];
  readonly #miners: SimulatedWallet;
  readonly #headStart: HeadStart;
  readonly #payments: Transaction[] = [];
  readonly #returned = new Set<Txid>();
  #reorganisationDepth = 0;

  constructor(options: PartitionRun) {
    super(options, { checks: allChecks() });
    this.#options = options;
    const random = createRandom("partition").fork("purses");
    this.#wallets = payers.map((name) => new SimulatedWallet(random.fork(name)));
    this.#miners = new SimulatedWallet(random.fork("miners"));
    this.#headStart = mineHeadStart({
      params: regtest,
      verifier: options.verifier,
      start: defaultStart,
      rich: this.#wallets.map(({ script }) => script),
      rest: this.#miners.script,
    });
  }

  override run(): PartitionOutcome {
    this.#setUp();
    const [leftBlocks, rightBlocks] = this.#runApart();
    this.#healAndAgree();
    return this.#outcomeWith(leftBlocks, rightBlocks);
  }

  #setUp(): void {
    this.tell(`seed ${this.#options.seed}: a network, soon in two halves`);
    const { records } = this.#headStart;
    for (const [name, share] of Object.entries({ ...left, ...right })) {
      this.addMiners([name], share, { records, payTo: this.#miners.script });
    }
    this.world.connectAll();
    this.world.onNews((_name, news) => {
      if (news.type !== "reorganised") return;
      this.#reorganisationDepth = Math.max(this.#reorganisationDepth, news.back.length);
      for (const txid of news.readmitted) this.#returned.add(txid);
    });
    this.world.runFor(2 * intervalMs);
  }

  /** Answers how many blocks each half found. */
  #runApart(): readonly [number, number] {
    this.world.split(Object.keys(left), Object.keys(right));
    this.tell(`the network is cut in two: ${listOf(left)} and ${listOf(right)}`);
    const before = payers.map((name) => this.heightOf(name));
    const [alice, bob] = this.#wallets;
    const [aliceCoin, bobCoin] = this.#headStart.coins;
    if (!alice || !bob || !aliceCoin || !bobCoin) throw new Error("both have a wallet and a coin");
    this.#pay("alice", alice.pay(aliceCoin, outputsOf(aliceCoin, alice, bob)));
    this.#pay("bob", bob.pay(bobCoin, outputsOf(bobCoin, bob, alice)));
    this.world.runFor((this.#options.intervals ?? intervalsDefault) * intervalMs);
    const [leftBlocks = 0, rightBlocks = 0] = payers.map((name, position) => {
      return this.heightOf(name) - (before[position] ?? 0);
    });
    this.tell(`apart they found ${leftBlocks} and ${rightBlocks} blocks`);
    return [leftBlocks, rightBlocks];
  }

  #pay(payer: string, transaction: Transaction): void {
    this.submit(payer, transaction);
    this.#payments.push(transaction);
    this.say(payer, `pays, known in one half only: ${short(txidOf(transaction))}`);
  }

  #healAndAgree(): void {
    this.#reorganisationDepth = 0;
    this.#returned.clear();
    this.tell("the network heals");
    this.world.heal();
    const patienceMs = patienceIntervals * intervalMs;
    const haveAgreed = this.world.runUntil(() => this.world.haveAgreed(), patienceMs);
    if (haveAgreed) this.tell(`all agree on ${short(this.world.node("alice").chain.tip.hash)}`);
    for (const txid of this.#returned) this.tell(`payment ${short(txid)} waits again`);
    const isDone = () => this.world.haveAgreed() && this.#areAllPaid();
    if (this.world.runUntil(isDone, patienceMs)) this.tell("all payments are confirmed");
  }

  #outcomeWith(leftBlocks: number, rightBlocks: number): PartitionOutcome {
    const subjects = this.world.names.map((name) => this.world.subject(name));
    const disagreement = findDisagreement(subjects);
    const outcome = disagreement === undefined && this.#areAllPaid() ? "agreed" : "disagreed";
    this.tell(`${outcome}; ${this.#reorganisationDepth} blocks were taken back at most`);
    return {
      outcome,
      seed: String(this.#options.seed),
      leftBlocks,
      rightBlocks,
      reorganisationDepth: this.#reorganisationDepth,
      returned: [...this.#returned],
      disagreement: disagreement ?? "",
      ...this.cost,
    };
  }

  #areAllPaid(): boolean {
    return this.world.names.every((name) => {
      return this.#payments.every((payment) => {
        return this.paymentStateOf(payment, name, this.#headStart).status === "confirmed";
      });
    });
  }
}

function outputsOf(coin: PaymentCoin, from: SimulatedWallet, to: SimulatedWallet): Output[] {
  const change = (coin.output.value - price - fee) as Satoshi;
  return [
    { value: price, script: to.script },
    { value: change, script: from.script },
  ];
}

function listOf(half: Readonly<Record<string, number>>): string {
  return Object.keys(half).join(", ");
}
