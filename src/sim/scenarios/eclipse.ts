/** An eclipse in virtual time: a shop whose peers are all mallory's sees the chain that she likes. */

import { requireCount, requireWithin } from "../../theory/statistics.ts";
import { satoshisPerCoin } from "../../primitives/amount.ts";
import type { Satoshi } from "../../primitives/brand.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { txidOf, type Transaction } from "../../primitives/transaction.ts";
import { allChecks } from "../checks/all-checks.ts";
import { fateOf, type Fate } from "../fate.ts";
import { short, Transcript } from "../transcript.ts";
import { hashrateOf, World } from "../world.ts";
import { stageDoubleSpend, type DoubleSpendStage } from "./double-spend.ts";

export type EclipseRun = {
  readonly seed: number | string;
  /** Mallory's part of the hash power, above 0 and below 1. */
  readonly share: number;
  /** What the shop waits for before it delivers. */
  readonly confirmations: number;
  readonly verifier: SignatureVerifier;
  readonly onLine?: (line: string) => void;
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
  /** In the eyes of the shop, in the end. */
  readonly payment: Fate;
  readonly conflict: Fate;
  readonly elapsedMs: number;
  readonly steps: number;
};

const honestNames = ["miner-1", "miner-2", "miner-3"];
/** All peers of the shop. They are honest nodes; only their friends are not. */
const falseFriends = ["friend-1", "friend-2", "friend-3"];
const intervalMs = 20_000;
const greetingMs = 1_000;
const patienceMs = 60_000;
const intervalsMax = 10_000;
const price = (30 * satoshisPerCoin) as Satoshi;
const fee = 2_000 as Satoshi;

export function runEclipse(run: EclipseRun): EclipseOutcome {
  requireWithin("share", run.share, Number.MIN_VALUE, 1 - Number.EPSILON);
  requireCount("confirmations", run.confirmations, 1);
  return new Play(run).perform();
}

class Play {
  readonly #run: EclipseRun;
  readonly #stage: DoubleSpendStage;
  readonly #world: World;
  readonly #transcript: Transcript;
  readonly #payment: Transaction;
  readonly #conflict: Transaction;
  #reorganisationDepth = 0;

  constructor(run: EclipseRun) {
    const { seed, verifier } = run;
    this.#run = run;
    this.#stage = stageDoubleSpend(verifier);
    const checks = allChecks();
    this.#world = new World({ seed, verifier, checks, templateRenewalMs: intervalMs });
    this.#transcript = new Transcript(this.#world, run.onLine ?? (() => undefined));
    const { mallory, shop, headStart } = this.#stage;
    const [coin] = headStart.coins;
    if (coin === undefined) throw new Error("mallory has no coin");
    const back = (coin.output.value - fee) as Satoshi;
    this.#payment = mallory.pay(coin, [
      { value: price, script: shop.script },
      { value: (back - price) as Satoshi, script: mallory.script },
    ]);
    this.#conflict = mallory.pay(coin, [{ value: back, script: mallory.script }]);
  }

  perform(): EclipseOutcome {
    this.#openCurtain();
    this.#spend("mallory", this.#payment, "pays the shop, for the shop's eyes only");
    this.#spend("miner-1", this.#conflict, "hears that mallory spends the same coin");
    const begunMs = this.#world.clock.elapsedMs;
    const isDelivered = () => this.#fateOf(this.#payment).confirmations >= this.#run.confirmations;
    const isDeceived = this.#world.runUntil(isDelivered, intervalsMax * intervalMs);
    const intervals = (this.#world.clock.elapsedMs - begunMs) / intervalMs;
    const { height } = this.#stage.headStart;
    const falseBlocks = this.#heightOf("shop") - height;
    const trueBlocks = this.#heightOf("miner-1") - height;
    if (isDeceived) this.#tell("the shop delivers the goods");
    this.#endEclipse();
    return this.#judge({ intervals, falseBlocks, trueBlocks });
  }

  #openCurtain(): void {
    const { share, seed } = this.#run;
    const { params } = this.#world;
    const { headStart, mallory, miners } = this.#stage;
    const { records } = headStart;
    this.#tell(`seed ${seed}: mallory has ${(share * 100).toFixed(2)} % of the hash power`);
    const hashrate = hashrateOf(share, intervalMs, params);
    this.#world.add("mallory", { records, hashrate, payTo: mallory.script });
    for (const name of ["shop", ...falseFriends]) this.#world.add(name, { records });
    const honestRate = hashrateOf((1 - share) / honestNames.length, intervalMs, params);
    for (const name of honestNames) {
      this.#world.add(name, { records, hashrate: honestRate, payTo: miners.script });
    }
    for (const friend of falseFriends) {
      this.#world.connect("mallory", friend);
      this.#world.connect("shop", friend);
    }
    for (const [position, name] of honestNames.entries()) {
      for (const other of honestNames.slice(0, position)) this.#world.connect(other, name);
    }
    this.#tell("all peers of the shop are mallory's");
    this.#world.runFor(greetingMs);
    this.#world.onNews((name, news) => {
      if (name !== "shop" || news.type !== "reorganised") return;
      this.#reorganisationDepth = Math.max(this.#reorganisationDepth, news.back.length);
    });
  }

  #spend(entry: string, transaction: Transaction, text: string): void {
    const command = { type: "submit-transaction", transaction } as const;
    const answer = this.#world.command(entry, command);
    if (answer.type !== "transaction" || !answer.verdict.ok) throw new Error("nobody pays");
    this.#say(entry, `${text}: ${short(txidOf(transaction))}`);
  }

  /** One honest peer is enough. */
  #endEclipse(): void {
    this.#world.connect("shop", "miner-1");
    this.#say("shop", "finds one honest peer");
    const hasAgreed = () => this.#world.haveAgreed(["shop", "miner-1"]);
    this.#world.runFor(greetingMs);
    this.#world.runUntil(hasAgreed, patienceMs);
  }

  #judge(race: Pick<EclipseOutcome, "intervals" | "falseBlocks" | "trueBlocks">): EclipseOutcome {
    const { seed, share, confirmations } = this.#run;
    const payment = this.#fateOf(this.#payment);
    const conflict = this.#fateOf(this.#conflict);
    const isKept = payment.status === "confirmed" ? "kept" : "undecided";
    const outcome = conflict.status === "confirmed" ? "reversed" : isKept;
    this.#tell(`${outcome}: the payment is ${payment.status}, its rival ${conflict.status}`);
    return {
      outcome,
      seed: String(seed),
      share,
      confirmations,
      ...race,
      reorganisationDepth: this.#reorganisationDepth,
      payment,
      conflict,
      elapsedMs: this.#world.clock.elapsedMs,
      steps: this.#world.steps,
    };
  }

  #fateOf(transaction: Transaction): Fate {
    return fateOf(txidOf(transaction), this.#world.node("shop"), this.#stage.headStart.height);
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
