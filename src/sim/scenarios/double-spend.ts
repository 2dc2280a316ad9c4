/** A 51 % attack in virtual time: mallory pays the shop, and takes the payment back if she can. */

import { DoubleSpend, type DoubleSpendPhase } from "../../attacks/double-spend/behaviour.ts";
import { regtest } from "../../consensus/params.ts";
import { satoshisPerCoin } from "../../primitives/amount.ts";
import type { Satoshi, Txid } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { type Transaction, txidOf } from "../../primitives/transaction.ts";
import { exactProbability, nakamotoProbability, probabilityGivingUp, strictProbability } from "../../theory/double-spend.ts";
import { requireCount, requireWithin } from "../../theory/statistics.ts";
import { ChainWorld, defaultStart, hashrateOf } from "../chain-world/chain-world.ts";
import { allChecks } from "../chain-world/checks/all-checks.ts";
import type { ChainCheck } from "../chain-world/checks/check.ts";
import { type Fate, fateOf } from "../chain-world/fate.ts";
import { type HeadStart, mineHeadStart } from "../chain-world/head-start.ts";
import { Purse } from "../chain-world/purse.ts";
import { ChainTranscript, short } from "../chain-world/transcript.ts";


export type DoubleSpendRun = {
  readonly seed: number | string;
  /** Mallory's part of the hash power, above 0 and below 1. */
  readonly share: number;
  readonly confirmations: number;
  readonly giveUpBehind: number;
  /** Secret blocks that mallory has before she pays; none if left out. */
  readonly premine?: 0 | 1;
  readonly verifier: SignatureVerifier;
  readonly onLine?: (line: string) => void;
  /** Made once for many runs; made anew if it is left out. */
  readonly stage?: DoubleSpendStage;
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
  /** Blocks above the fork when the attack ended. */
  readonly secretBlocks: number;
  readonly publicBlocks: number;
  /** Blocks that the shop had to take back. */
  readonly reorganisationDepth: number;
  /** In the eyes of the shop. */
  readonly payment: Fate;
  readonly conflict: Fate;
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

/** Keys, and the chain on which the play begins: the same for every seed. */
export type DoubleSpendStage = {
  readonly mallory: Purse;
  readonly shop: Purse;
  readonly miners: Purse;
  readonly headStart: HeadStart;
};

const minerNames = ["miner-1", "miner-2", "miner-3"];
/** So much longer than a message takes that two miners hardly ever find a block at once. */
const intervalMs = 20_000;
const price = (30 * satoshisPerCoin) as Satoshi;
const paymentFee = 2_000 as Satoshi;
const conflictFee = 10_000 as Satoshi;
const greetingMs = 1_000;
/** What nodes get to relay a payment, to agree. */
const patienceMs = 60_000;
const attackIntervalsMax = 10_000;

export function stageDoubleSpend(verifier: SignatureVerifier): DoubleSpendStage {
  const random = createRandom("double-spend").fork("purses");
  const mallory = new Purse(random.fork("mallory"));
  const miners = new Purse(random.fork("miners"));
  const headStart = mineHeadStart({
    params: regtest,
    verifier,
    start: defaultStart,
    rich: [mallory.script],
    rest: miners.script,
  });
  return { mallory, shop: new Purse(random.fork("shop")), miners, headStart };
}

export function runDoubleSpend(run: DoubleSpendRun): DoubleSpendOutcome {
  requireWithin("share", run.share, Number.MIN_VALUE, 1 - Number.EPSILON);
  requireCount("confirmations", run.confirmations, 1);
  requireCount("giveUpBehind", run.giveUpBehind, 1);
  return new Play(run).perform();
}

class Play {
  readonly #run: DoubleSpendRun;
  readonly #stage: DoubleSpendStage;
  readonly #world: ChainWorld;
  readonly #transcript: ChainTranscript;
  readonly #payment: Transaction;
  readonly #conflict: Transaction;
  #seenConfirmations = 0;
  #reorganisationDepth = 0;

  constructor(run: DoubleSpendRun) {
    this.#run = run;
    this.#stage = run.stage ?? stageDoubleSpend(run.verifier);
    const checks = run.checks ?? allChecks();
    this.#world = new ChainWorld({ seed: run.seed, verifier: run.verifier, checks });
    this.#transcript = new ChainTranscript(this.#world, run.onLine ?? (() => undefined));
    const { mallory, shop, headStart } = this.#stage;
    const [coin] = headStart.coins;
    if (coin === undefined) throw new Error("mallory has no coin");
    const change = (coin.output.value - price - paymentFee) as Satoshi;
    const back = (coin.output.value - conflictFee) as Satoshi;
    this.#payment = mallory.pay(coin, [
      { value: price, script: shop.script },
      { value: change, script: mallory.script },
    ]);
    this.#conflict = mallory.pay(coin, [{ value: back, script: mallory.script }]);
  }

  perform(): DoubleSpendOutcome {
    this.#openCurtain();
    const attack = this.#run.premine === 1 ? this.#premineAndPay() : this.#payAndAttack();
    this.#beginHonestMining();
    this.#watchAttack(attack);
    const hasEnded = () => attack.state.phase !== "mining" && this.#world.host("mallory").isQuiet;
    const isOver = this.#world.runUntil(hasEnded, attackIntervalsMax * intervalMs);
    if (isOver) this.#tellEnd(attack);
    const agreement = this.#world.runUntil(() => this.#world.haveAgreed(), patienceMs);
    return this.#judge(attack, agreement);
  }

  #openCurtain(): void {
    const { share, confirmations, giveUpBehind, seed } = this.#run;
    const { params } = this.#world;
    const { headStart } = this.#stage;
    this.#tell(`seed ${seed}: mallory has ${percent(share)} of the hash power`);
    this.#tell(`the shop waits for ${confirmations} confirmations`);
    this.#tell(`mallory gives up when ${giveUpBehind} blocks behind`);
    const { records } = headStart;
    const honestRate = hashrateOf((1 - share) / minerNames.length, intervalMs, params);
    this.#world.add("shop", { records });
    this.#world.add("mallory", { records, hashrate: hashrateOf(share, intervalMs, params) });
    for (const name of minerNames) this.#world.add(name, { records, hashrate: honestRate });
    this.#world.connectAll();
    this.#world.runFor(greetingMs);
  }

  #payAndAttack(): DoubleSpend {
    this.#payShop("mallory", this.#world.names);
    return this.#beginAttack();
  }

  /** Her own node has the conflict in a block by then, so she hands the payment to the shop. */
  #premineAndPay(): DoubleSpend {
    const attack = this.#beginAttack();
    const isPremined = this.#world.runUntil(
      () => attack.state.isReady,
      attackIntervalsMax * intervalMs,
    );
    if (!isPremined) throw new Error("mallory finds no block");
    this.#say("mallory", "has a secret block");
    this.#payShop(
      "shop",
      this.#world.names.filter((name) => name !== "mallory"),
    );
    return attack;
  }

  #payShop(entry: string, hearers: readonly string[]): void {
    const txid = txidOf(this.#payment);
    const command = { type: "submit-transaction", transaction: this.#payment } as const;
    const answer = this.#world.command(entry, command);
    if (answer.type !== "transaction" || !answer.verdict.ok) throw new Error("nobody pays");
    this.#say("mallory", `pays the shop with ${short(txid)}`);
    const isKnown = () => hearers.every((name) => this.#knows(name, txid));
    if (!this.#world.runUntil(isKnown, patienceMs)) throw new Error("the payment got lost");
    this.#say("shop", "sees the payment, unconfirmed");
  }

  #beginAttack(): DoubleSpend {
    const { confirmations, giveUpBehind, premine = 0 } = this.#run;
    const node = this.#world.node("mallory");
    const payTo = this.#stage.mallory.script;
    const attack = new DoubleSpend({
      node,
      payment: txidOf(this.#payment),
      conflict: this.#conflict,
      conflictFee,
      payTo,
      confirmations,
      giveUpBehind,
      premine,
    });
    this.#world.setBehaviour("mallory", attack);
    this.#world.command("mallory", { type: "set-mining", payTo });
    const { forkHeight } = attack.state;
    const conflict = short(txidOf(this.#conflict));
    this.#say("mallory", `mines ${conflict} in secret, above block ${forkHeight}`);
    return attack;
  }

  /** Only now that all know the payment, so that it is in whatever block comes first. */
  #beginHonestMining(): void {
    for (const name of minerNames) {
      this.#world.command(name, { type: "set-mining", payTo: this.#stage.miners.script });
    }
  }

  #watchAttack(attack: DoubleSpend): void {
    this.#world.onNews((name, news) => {
      if (name === "mallory" && news.type === "block-accepted" && news.origin === "mined") {
        const { phase, lead } = attack.state;
        if (phase === "mining") this.#say("mallory", `keeps it secret, ${aheadOrBehind(lead)}`);
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
    const { confirmations } = this.#fateOf(this.#payment);
    const wanted = this.#run.confirmations;
    const isLost = confirmations < this.#seenConfirmations;
    const wasWaiting = this.#seenConfirmations < wanted;
    this.#seenConfirmations = confirmations;
    if (isLost) {
      this.#say("shop", `sees the payment fall back to ${confirmations} confirmations`);
    } else if (wasWaiting) {
      this.#say("shop", `counts ${confirmations} of ${wanted}`);
      if (confirmations >= wanted) this.#say("shop", "delivers the goods");
    }
  }

  #tellEnd(attack: DoubleSpend): void {
    const { phase, secret, lead } = attack.state;
    const deed = phase === "published" ? `publishes ${secret.length} blocks` : "gives up";
    this.#say("mallory", `${deed}, ${aheadOrBehind(lead)}`);
  }

  #judge(attack: DoubleSpend, agreement: boolean): DoubleSpendOutcome {
    const { share, confirmations, giveUpBehind, premine = 0, seed } = this.#run;
    const { phase, secret, forkHeight, publicHeight } = attack.state;
    const payment = this.#fateOf(this.#payment);
    const conflict = this.#fateOf(this.#conflict);
    const failed = phase === "mining" ? "undecided" : "failed";
    const outcome = conflict.status === "confirmed" ? "reversed" : failed;
    const probability = {
      thisAttack: probabilityGivingUp({ share, confirmations, giveUpBehind, premine }),
      strict: strictProbability(share, confirmations),
      exact: exactProbability(share, confirmations),
      nakamoto: nakamotoProbability(share, confirmations),
    };
    this.#tell(`${outcome}: the payment is ${payment.status}, its rival ${conflict.status}`);
    this.#tell(`theory: ${percent(probability.thisAttack)} of such attacks succeed`);
    this.#tell(`without a premine, and if she never gave up: ${percent(probability.strict)}`);
    this.#tell(`with one block beforehand: ${percent(probability.exact)}`);
    this.#tell(`as Bitcoin's paper estimates that: ${percent(probability.nakamoto)}`);
    return {
      outcome,
      seed: String(seed),
      share,
      confirmations,
      giveUpBehind,
      premine,
      phase,
      forkHeight,
      secretBlocks: secret.length,
      publicBlocks: publicHeight - forkHeight,
      reorganisationDepth: this.#reorganisationDepth,
      payment,
      conflict,
      agreement,
      probability,
      elapsedMs: this.#world.clock.elapsedMs,
      steps: this.#world.steps,
    };
  }

  #fateOf(transaction: Transaction): Fate {
    const { headStart } = this.#stage;
    return fateOf(txidOf(transaction), this.#world.node("shop"), headStart.height);
  }

  #knows(name: string, txid: Txid): boolean {
    return this.#world.node(name).mempool.has(txid);
  }

  #say(who: string, text: string): void {
    this.#transcript.say(this.#world.host(who).name, text);
  }

  #tell(text: string): void {
    this.#transcript.say("", text);
  }
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`;
}

function aheadOrBehind(lead: number): string {
  if (lead === 0) return "level with the public branch";
  return lead > 0 ? `${lead} ahead` : `${-lead} behind`;
}
