/** A 51 % attack in virtual time: mallory pays the shop, and takes the payment back if she can. */

import { DoubleSpend, type DoubleSpendPhase } from "../../attacks/double-spend/behaviour.ts";
import { finalLengths } from "../../attacks/double-spend/final-lengths.ts";
import { doubleSpendTerms } from "../../attacks/double-spend/terms.ts";
import type { Satoshi } from "../../primitives/brand.ts";
import { choiceParameter, shareParameter, wholeParameter } from "../../primitives/parameter.ts";
import { txidOf } from "../../primitives/transaction.ts";
import {
  type BoundedDoubleSpend,
  exactProbability,
  nakamotoProbability,
  probabilityGivingUp,
  strictProbability,
} from "../../theory/double-spend.ts";
import { requireCount, requireWithin } from "../../theory/statistics.ts";
import { allChecks } from "../chain-world/checks/all-checks.ts";
import type { ChainCheck } from "../chain-world/checks/check.ts";
import type { PaymentState } from "../chain-world/payment-state.ts";
import { short } from "../chain-world/transcript.ts";
import {
  type ConflictingPayments,
  createParticipants,
  type Participants,
  payTwice,
} from "./participants.ts";
import { intervalMs, percent, Run } from "./run.ts";
import { defineScenario, type RunOptions } from "./scenario.ts";

export type DoubleSpendRun = RunOptions & {
  /** Mallory's part of the hash power, above 0 and below 1. */
  readonly share: number;
  readonly confirmations: number;
  readonly giveUpBehind: number;
  /** Secret blocks that mallory has before she pays; none if left out. */
  readonly premine?: 0 | 1;
  /** Made once for many runs; made anew if left out. */
  readonly participants?: Participants;
  /** What must hold at every step; all checks if left out. */
  readonly checks?: readonly ChainCheck[];
};

export type DoubleSpendOutcome = {
  /** Undecided if the attack went on for too long. */
  readonly outcome: "reversed" | "failed" | "undecided";
  readonly seed: string;
  readonly share: number;
  readonly confirmations: number;
  readonly giveUpBehind: number;
  readonly premine: 0 | 1;
  readonly phase: DoubleSpendPhase;
  readonly forkHeight: number;
  /** Blocks above the fork, when it was judged. */
  readonly secretBlocks: number;
  readonly publicBlocks: number;
  /** Blocks that the shop had to take back. */
  readonly reorganisationDepth: number;
  /** As the shop's node has it. */
  readonly payment: PaymentState;
  readonly conflict: PaymentState;
  /** Whether all nodes had one tip in the end. */
  readonly agreement: boolean;
  readonly probability: {
    /** Of just this attack: with its premine, ending when so far behind. */
    readonly thisAttack: number;
    readonly strict: number;
    readonly exact: number;
    readonly nakamoto: number;
  };
  readonly elapsedMs: number;
  readonly steps: number;
};

const parameters = {
  share: shareParameter("mallory's part of the hash power", {
    min: 0.001,
    max: 0.999,
    initial: doubleSpendTerms.share.default,
  }),
  confirmations: wholeParameter("what the shop waits for", {
    min: 1,
    max: 1_000,
    initial: doubleSpendTerms.confirmations.default,
  }),
  giveUp: wholeParameter("how far behind mallory gives up", {
    min: 1,
    max: 1_000,
    initial: doubleSpendTerms.giveUpBehind.default,
  }),
  premine: choiceParameter(
    "secret blocks that mallory has before she pays",
    [0, 1],
    doubleSpendTerms.premine.default,
  ),
};

export const doubleSpend = defineScenario<typeof parameters>({
  name: "double-spend",
  summary: "a 51 % attack: a payment is confirmed, and taken back by a secret branch",
  parameters,
  examples: [
    ["--seed 7 --share 0.6", "an attack that succeeds"],
    ["--seed 6 --share 30% --give-up 4", "one that is given up"],
  ],
  next: "powlab attack double-spend",
  run: ({ giveUp, ...values }, options) => {
    return { outcome: runDoubleSpend({ ...values, ...options, giveUpBehind: giveUp }) };
  },
});

const minerNames = ["miner-1", "miner-2", "miner-3"];
const fees = { payment: 2_000 as Satoshi, conflict: 10_000 as Satoshi };
const connectingMs = 1_000;
/** How long nodes may take to relay a payment, and to agree. */
const patienceMs = 60_000;
const attackIntervalsMax = 10_000;

export function runDoubleSpend(options: DoubleSpendRun): DoubleSpendOutcome {
  requireWithin("share", options.share, Number.MIN_VALUE, 1 - Number.EPSILON);
  requireCount("confirmations", options.confirmations, 1);
  requireCount("giveUpBehind", options.giveUpBehind, 1);
  return new DoubleSpendAttack(options).run();
}

class DoubleSpendAttack extends Run<DoubleSpendOutcome> {
  readonly #options: DoubleSpendRun;
  readonly #participants: Participants;
  readonly #payments: ConflictingPayments;
  /** That the shop saw when it last looked. */
  #confirmations = 0;
  #reorganisationDepth = 0;

  constructor(options: DoubleSpendRun) {
    super(options, { checks: options.checks ?? allChecks() });
    this.#options = options;
    this.#participants = options.participants ?? createParticipants(options.verifier);
    this.#payments = payTwice(this.#participants, fees);
  }

  override run(): DoubleSpendOutcome {
    this.#setUp();
    const attack = this.#options.premine === 1 ? this.#premineAndPay() : this.#payAndAttack();
    this.#beginHonestMining();
    this.#watch(attack);
    const hasEnded = () => attack.state.phase !== "mining" && this.world.host("mallory").isQuiet;
    const isOver = this.world.runUntil(hasEnded, attackIntervalsMax * intervalMs);
    if (isOver) this.#tellEnd(attack);
    const agreement = this.world.runUntil(() => this.world.haveAgreed(), patienceMs);
    return this.#outcomeOf(attack, agreement);
  }

  #setUp(): void {
    const { share, confirmations, giveUpBehind, seed } = this.#options;
    this.tell(`seed ${seed}: mallory has ${percent(share)} of the hash power`);
    this.tell(`the shop waits for ${confirmations} confirmations`);
    this.tell(`mallory gives up when ${giveUpBehind} blocks behind`);
    const { records } = this.#participants.headStart;
    this.world.add("shop", { records });
    this.addMiners(["mallory"], share, { records });
    this.addMiners(minerNames, 1 - share, { records });
    this.world.connectAll();
    this.world.runFor(connectingMs);
  }

  #payAndAttack(): DoubleSpend {
    this.#payShop("mallory", this.world.names);
    return this.#beginAttack();
  }

  /** Her own node has the conflict in a block by then, so she hands the payment to the shop. */
  #premineAndPay(): DoubleSpend {
    const attack = this.#beginAttack();
    const limitMs = attackIntervalsMax * intervalMs;
    const isPremined = this.world.runUntil(() => attack.state.isReady, limitMs);
    if (!isPremined) throw new Error("mallory finds no block");
    this.say("mallory", "has a secret block");
    this.#payShop(
      "shop",
      this.world.names.filter((name) => name !== "mallory"),
    );
    return attack;
  }

  #payShop(entry: string, hearers: readonly string[]): void {
    const { payment } = this.#payments;
    const txid = txidOf(payment);
    this.submit(entry, payment);
    this.say("mallory", `pays the shop with ${short(txid)}`);
    const isKnown = () => hearers.every((name) => this.world.node(name).mempool.has(txid));
    if (!this.world.runUntil(isKnown, patienceMs)) throw new Error("the payment got lost");
    this.say("shop", "sees the payment, unconfirmed");
  }

  #beginAttack(): DoubleSpend {
    const { confirmations, giveUpBehind, premine = 0 } = this.#options;
    const { payment, conflict } = this.#payments;
    const payTo = this.#participants.mallory.script;
    const attack = new DoubleSpend({
      node: this.world.node("mallory"),
      payment: txidOf(payment),
      conflict,
      conflictFee: fees.conflict,
      payTo,
      confirmations,
      giveUpBehind,
      premine,
    });
    this.world.setBehaviour("mallory", attack);
    this.world.command("mallory", { type: "set-mining", payTo });
    const { forkHeight } = attack.state;
    this.say("mallory", `mines ${short(txidOf(conflict))} in secret, above block ${forkHeight}`);
    return attack;
  }

  /** Only now that all know the payment, so that it is in whatever block comes first. */
  #beginHonestMining(): void {
    const payTo = this.#participants.miners.script;
    for (const name of minerNames) this.world.command(name, { type: "set-mining", payTo });
  }

  #watch(attack: DoubleSpend): void {
    this.world.onNews((name, news) => {
      if (name === "mallory" && news.type === "block-accepted" && news.origin === "mined") {
        const { phase, lead } = attack.state;
        if (phase === "mining") this.say("mallory", `keeps it secret, ${aheadOrBehind(lead)}`);
      }
      if (name !== "shop") return;
      if (news.type === "reorganised") {
        const depth = news.back.length;
        this.#reorganisationDepth = Math.max(this.#reorganisationDepth, depth);
      }
      if (news.type === "tip-extended" || news.type === "reorganised") this.#lookAtPayment();
    });
  }

  /** The shop counts confirmations, as any shop does. */
  #lookAtPayment(): void {
    const { confirmations } = this.#paymentStateOf("payment");
    const wanted = this.#options.confirmations;
    const before = this.#confirmations;
    this.#confirmations = confirmations;
    if (confirmations < before) {
      this.say("shop", `sees the payment fall back to ${confirmations} confirmations`);
    } else if (before < wanted) {
      this.say("shop", `counts ${confirmations} of ${wanted}`);
      if (confirmations >= wanted) this.say("shop", "delivers the goods");
    }
  }

  #tellEnd(attack: DoubleSpend): void {
    const { phase, secret, lead } = attack.state;
    const deed = phase === "published" ? `publishes ${secret.length} blocks` : "gives up";
    this.say("mallory", `${deed}, ${aheadOrBehind(lead)}`);
  }

  #outcomeOf(attack: DoubleSpend, agreement: boolean): DoubleSpendOutcome {
    const { share, confirmations, giveUpBehind, premine = 0, seed } = this.#options;
    const { phase, secret, forkHeight, publicHeight } = attack.state;
    const { height } = this.world.node("shop").chain.tip;
    const depth = this.#reorganisationDepth;
    const [payment, conflict] = [this.#paymentStateOf("payment"), this.#paymentStateOf("conflict")];
    const failed = phase === "mining" ? "undecided" : "failed";
    const outcome = conflict.status === "confirmed" ? "reversed" : failed;
    const terms = { share, confirmations, giveUpBehind, premine };
    const probability = probabilitiesOf(terms);
    this.tell(`${outcome}: the payment is ${payment.status}, its rival ${conflict.status}`);
    this.tell(`theory: ${percent(probability.thisAttack)} of such attacks succeed`);
    this.tell(`without a premine, and if she never gave up: ${percent(probability.strict)}`);
    this.tell(`with a premine of one block: ${percent(probability.exact)}`);
    this.tell(`as Bitcoin's paper estimates that: ${percent(probability.nakamoto)}`);
    return {
      outcome,
      seed: String(seed),
      ...terms,
      phase,
      forkHeight,
      ...finalLengths(
        { secretBlocks: secret.length, publicBlocks: publicHeight - forkHeight },
        attack.state,
        { outcome, height, reorganisationDepth: depth },
      ),
      reorganisationDepth: depth,
      payment,
      conflict,
      agreement,
      probability,
      ...this.cost,
    };
  }

  #paymentStateOf(name: keyof ConflictingPayments): PaymentState {
    return this.paymentStateOf(this.#payments[name], "shop", this.#participants.headStart);
  }
}

function probabilitiesOf(terms: BoundedDoubleSpend): DoubleSpendOutcome["probability"] {
  const { share, confirmations } = terms;
  return {
    thisAttack: probabilityGivingUp(terms),
    strict: strictProbability(share, confirmations),
    exact: exactProbability(share, confirmations),
    nakamoto: nakamotoProbability(share, confirmations),
  };
}

function aheadOrBehind(lead: number): string {
  if (lead === 0) return "level with the public branch";
  return lead > 0 ? `${lead} ahead` : `${-lead} behind`;
}
