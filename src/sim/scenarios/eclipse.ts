/**
 * An eclipse in virtual time: a shop whose peers are all mallory's sees only the chain that she
 * shows it.
 */

import { eclipseTerms } from "../../attacks/eclipse/terms.ts";
import type { Satoshi } from "../../primitives/brand.ts";
import { shareParameter, wholeParameter } from "../../primitives/parameter.ts";
import { txidOf } from "../../primitives/transaction.ts";
import { requireCount, requireWithin } from "../../theory/statistics.ts";
import { allChecks } from "../chain-world/checks/all-checks.ts";
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

export type EclipseRun = RunOptions & {
  /** Mallory's part of the hash power, above 0 and below 1. */
  readonly share: number;
  /** What the shop waits for before it delivers. */
  readonly confirmations: number;
};

export type EclipseOutcome = {
  /** Kept, if mallory's branch was the longer one even so. */
  readonly outcome: "reversed" | "kept" | "undecided";
  readonly seed: string;
  readonly share: number;
  readonly confirmations: number;
  /** How long the shop was deceived, in block intervals of the whole network. */
  readonly intervals: number;
  /** Blocks that only the shop saw, and those that everybody else found meanwhile. */
  readonly falseBlocks: number;
  readonly trueBlocks: number;
  readonly reorganisationDepth: number;
  /** As the shop's node has it in the end. */
  readonly payment: PaymentState;
  readonly conflict: PaymentState;
  readonly elapsedMs: number;
  readonly steps: number;
};

const parameters = {
  share: shareParameter("mallory's part of the hash power", {
    min: 0.001,
    max: 0.999,
    initial: eclipseTerms.share.default,
  }),
  confirmations: wholeParameter("what the shop waits for", {
    min: 1,
    max: 1_000,
    initial: eclipseTerms.confirmations.default,
  }),
};

export const eclipse = defineScenario<typeof parameters>({
  name: "eclipse",
  summary: "a shop whose peers are all mallory's is paid on a branch that no other node has",
  parameters,
  examples: [["--seed 3 --share 0.2", "the payment is taken back when it finds an honest peer"]],
  next: "powlab experiment eclipse",
  run: (values, options) => ({ outcome: runEclipse({ ...values, ...options }) }),
});

const minerNames = ["miner-1", "miner-2", "miner-3"];
/** All peers of the shop. They are honest nodes; only their other peers are not. */
const falsePeers = ["friend-1", "friend-2", "friend-3"];
const connectingMs = 1_000;
const patienceMs = 60_000;
const intervalsMax = 10_000;
const fee = 2_000 as Satoshi;

export function runEclipse(options: EclipseRun): EclipseOutcome {
  requireWithin("share", options.share, Number.MIN_VALUE, 1 - Number.EPSILON);
  requireCount("confirmations", options.confirmations, 1);
  return new Eclipse(options).run();
}

class Eclipse extends Run<EclipseOutcome> {
  readonly #options: EclipseRun;
  readonly #participants: Participants;
  readonly #payments: ConflictingPayments;
  #reorganisationDepth = 0;

  constructor(options: EclipseRun) {
    super(options, { checks: allChecks(), templateRenewalMs: intervalMs });
    this.#options = options;
    this.#participants = createParticipants(options.verifier);
    this.#payments = payTwice(this.#participants, { payment: fee, conflict: fee });
  }

  override run(): EclipseOutcome {
    this.#setUp();
    const { payment, conflict } = this.#payments;
    this.submit("mallory", payment);
    this.say("mallory", `pays the shop, known to the shop only: ${short(txidOf(payment))}`);
    this.submit("miner-1", conflict);
    this.say("miner-1", `receives a payment that spends the same coin: ${short(txidOf(conflict))}`);
    const begunMs = this.world.clock.elapsedMs;
    const isDelivered = () =>
      this.#paymentStateOf("payment").confirmations >= this.#options.confirmations;
    const isDeceived = this.world.runUntil(isDelivered, intervalsMax * intervalMs);
    const intervals = (this.world.clock.elapsedMs - begunMs) / intervalMs;
    const { height } = this.#participants.headStart;
    const falseBlocks = this.heightOf("shop") - height;
    const trueBlocks = this.heightOf("miner-1") - height;
    if (isDeceived) this.tell("the shop delivers the goods");
    this.#endEclipse();
    return this.#outcomeOf({ intervals, falseBlocks, trueBlocks });
  }

  #setUp(): void {
    const { share, seed } = this.#options;
    const { headStart, mallory, miners } = this.#participants;
    const { records } = headStart;
    this.tell(`seed ${seed}: mallory has ${percent(share)} of the hash power`);
    this.addMiners(["mallory"], share, { records, payTo: mallory.script });
    for (const name of ["shop", ...falsePeers]) this.world.add(name, { records });
    this.addMiners(minerNames, 1 - share, { records, payTo: miners.script });
    for (const peer of falsePeers) {
      this.world.connect("mallory", peer);
      this.world.connect("shop", peer);
    }
    this.connectAmong(minerNames);
    this.tell("all peers of the shop are mallory's");
    this.world.runFor(connectingMs);
    this.world.onNews((name, news) => {
      if (name !== "shop" || news.type !== "reorganised") return;
      this.#reorganisationDepth = Math.max(this.#reorganisationDepth, news.back.length);
    });
  }

  /** One honest peer is enough. */
  #endEclipse(): void {
    this.world.connect("shop", "miner-1");
    this.say("shop", "finds one honest peer");
    const hasAgreed = () => this.world.haveAgreed(["shop", "miner-1"]);
    this.world.runFor(connectingMs);
    this.world.runUntil(hasAgreed, patienceMs);
  }

  #outcomeOf(
    race: Pick<EclipseOutcome, "intervals" | "falseBlocks" | "trueBlocks">,
  ): EclipseOutcome {
    const { seed, share, confirmations } = this.#options;
    const [payment, conflict] = [this.#paymentStateOf("payment"), this.#paymentStateOf("conflict")];
    const isKept = payment.status === "confirmed" ? "kept" : "undecided";
    const outcome = conflict.status === "confirmed" ? "reversed" : isKept;
    this.tell(`${outcome}: the payment is ${payment.status}, its rival ${conflict.status}`);
    return {
      outcome,
      seed: String(seed),
      share,
      confirmations,
      ...race,
      reorganisationDepth: this.#reorganisationDepth,
      payment,
      conflict,
      ...this.cost,
    };
  }

  #paymentStateOf(name: keyof ConflictingPayments): PaymentState {
    return this.paymentStateOf(this.#payments[name], "shop", this.#participants.headStart);
  }
}
