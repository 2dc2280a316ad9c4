/** The double spend, live: sets the scene, pays the shop, watches the race, and judges its end. */

import { setTimeout as pause } from "node:timers/promises";
import type { DoubleSpendState } from "../attacks/double-spend.ts";
import type { Satoshi, Txid } from "../primitives/brand.ts";
import { bytesToHex } from "../primitives/bytes.ts";
import { encodeTransaction, txidOf, type Transaction } from "../primitives/transaction.ts";
import { NodeRefusedError, type NodeClient } from "../wallet/client.ts";
import {
  outcomeOf,
  theoryOf,
  type AttackOptions,
  type AttackStep,
  type AttackVerdict,
  type FinalState,
  type Theory,
} from "./attack-report.ts";
import { LeverError } from "./lever-error.ts";
import type { Member } from "./member.ts";
import type { Purse } from "./purse.ts";
import { attackerName, payeeEntryName, shopName } from "./roster.ts";
import type { Shares } from "./shares.ts";
import { Shop } from "./shop.ts";
import type { Witness } from "./witness.ts";

/** The part of a lab on which an attack plays. */
export interface Stage {
  readonly shares: Shares;
  /** What every link takes, each way. */
  readonly latencyMs: number;
  readonly timelinePath: string;
  readonly witness: Witness;
  readonly members: readonly Member[];
  memberNamed(name: string): Member | undefined;
  purseOf(name: string): Purse;
  clientOf(name: string): NodeClient;
  setShares(changes: Shares): Promise<void>;
}

export type AttackRun = {
  readonly options: AttackOptions;
  readonly tell: (step: AttackStep) => void;
  /** Breaks the attack off. */
  readonly signal: AbortSignal;
};

/** What of the attacker's coin goes to the shop. */
const paidPart = 0.8;
/**
 * The attacker hears of public blocks so much later than the others: time for the shop to deliver.
 * Else it would publish at the very block that the shop has waited for, and get no goods.
 */
const deliveryMs = 200;
const lookIntervalMs = 150;
/** Then the attacker publishes what it has, or forgets it. */
const raceMaxMs = 90_000;
/** How long the network may take to agree, and to put one of the two into a block. */
const settleMaxMs = 15_000;

/**
 * Carries the attack out, and puts the shares back afterwards.
 *
 * @throws LeverError if the attacker has no coin to pay with.
 */
export async function attackLive(stage: Stage, run: AttackRun): Promise<AttackVerdict> {
  const attacker = stage.memberNamed(attackerName);
  if (attacker === undefined) throw new LeverError(`${attackerName} is not here`);
  const before = stage.shares;
  const victims = stage.members.filter((member) => member !== attacker);
  const slowDown = (delayMs: number): Promise<unknown> =>
    Promise.all(victims.map((member) => member.slowDown(attacker.peerId, delayMs)));
  try {
    await slowDown(stage.latencyMs + deliveryMs);
    if (run.options.share !== undefined) {
      await stage.setShares({ [attackerName]: run.options.share });
    }
    return await new LiveAttack(stage, run, attacker).play();
  } finally {
    if (!run.signal.aborted) {
      stage.witness.setAttacker(undefined);
      await attacker.endAttack();
      await slowDown(stage.latencyMs);
      if (run.options.share !== undefined) await stage.setShares(before);
    }
  }
}

type Plot = {
  readonly payment: Transaction;
  readonly conflict: Transaction;
  readonly conflictFee: Satoshi;
  readonly value: Satoshi;
};

type Ending = AttackVerdict["ending"];

class LiveAttack {
  readonly #stage: Stage;
  readonly #run: AttackRun;
  readonly #attacker: Member;
  readonly #till: NodeClient;
  readonly #share: number;
  readonly #theory: Theory;
  readonly #startedAtMs = Date.now();
  #deliveredAt: number | null = null;
  #race: DoubleSpendState | null = null;

  constructor(stage: Stage, run: AttackRun, attacker: Member) {
    const { confirmations, giveUpBehind } = run.options;
    this.#stage = stage;
    this.#run = run;
    this.#attacker = attacker;
    this.#till = stage.clientOf(shopName);
    this.#share = stage.shares[attackerName] ?? 0;
    this.#theory = theoryOf(this.#share, confirmations, giveUpBehind);
  }

  async play(): Promise<AttackVerdict> {
    const { confirmations, giveUpBehind } = this.#run.options;
    this.#run.tell({
      type: "scene",
      attacker: attackerName,
      share: this.#share,
      shares: this.#stage.shares,
      confirmations,
      giveUpBehind,
      theory: this.#theory,
    });
    const plot = await this.#plot();
    const shop = this.#shopFor(txidOf(plot.payment));
    const closing = new AbortController();
    const { ended } = await shop.open(AbortSignal.any([closing.signal, this.#run.signal]));
    const blinded = ended.then(
      () => undefined,
      () => undefined, // the lab closes, or the shop does
    );
    try {
      await this.#strike(plot);
      const ending = await this.#watchRace();
      return await this.#judge(plot, shop, ending);
    } finally {
      closing.abort();
      await blinded;
    }
  }

  /** One coin, two signed payments: one for the shop, one that stays in the attacker's pocket. */
  async #plot(): Promise<Plot> {
    const purse = this.#stage.purseOf(attackerName);
    const [coin] = await purse.ripeCoins(this.#stage.clientOf(attackerName));
    if (coin === undefined) {
      throw new LeverError(`${attackerName} has no coin to pay with; try again in some blocks`);
    }
    const value = Math.floor(coin.value * paidPart) as Satoshi;
    const { script } = this.#stage.purseOf(shopName).key;
    const paid = purse.pay(coin, { value, script });
    if (paid === undefined) throw new LeverError(`${attackerName}'s largest coin is too small`);
    const { transaction: conflict, fee: conflictFee } = purse.takeBack([coin]);
    return { payment: paid.transaction, conflict, conflictFee, value };
  }

  async #strike({ payment, conflict, conflictFee, value }: Plot): Promise<void> {
    const { witness } = this.#stage;
    const { confirmations, giveUpBehind } = this.#run.options;
    witness.setAttacker(attackerName);
    await this.#attacker.attack({
      payment: txidOf(payment),
      conflict: hexOf(conflict),
      conflictFee,
      payTo: bytesToHex(this.#stage.purseOf(attackerName).key.script),
      confirmations,
      giveUpBehind,
    });
    await this.#stage.clientOf(payeeEntryName).sendTransaction(hexOf(payment));
    const via = payeeEntryName;
    this.#run.tell({
      type: "paid",
      payment: txidOf(payment),
      conflict: txidOf(conflict),
      value,
      via,
    });
  }

  async #watchRace(): Promise<Ending> {
    while (Date.now() < this.#startedAtMs + raceMaxMs) {
      await this.#pause();
      const race = await this.#attacker.attackState();
      if (race === null) throw new Error("the attacker has forgotten its attack");
      this.#noteRace(race);
      if (race.phase !== "mining") return race.phase;
    }
    const seconds = raceMaxMs / 1000;
    this.#run.tell({ type: "out-of-time", seconds });
    await this.#attacker.endAttack();
    return "out-of-time";
  }

  #noteRace(race: DoubleSpendState): void {
    const last = this.#race;
    this.#race = race;
    const { secretBlocks, publicBlocks } = this.#lengths();
    if (race.phase !== "mining") {
      this.#run.tell({ type: race.phase, secretBlocks, publicBlocks });
      return;
    }
    const isSame = last?.secret.length === secretBlocks && last.publicHeight === race.publicHeight;
    if (isSame || (last === null && secretBlocks + publicBlocks === 0)) return;
    this.#run.tell({ type: "race", secretBlocks, publicBlocks, lead: race.lead });
  }

  #lengths() {
    const race = this.#race;
    if (race === null) return { secretBlocks: 0, publicBlocks: 0 };
    const publicBlocks = race.publicHeight - race.forkHeight;
    return { secretBlocks: race.secret.length, publicBlocks };
  }

  #shopFor(payment: Txid): Shop {
    return new Shop({
      client: this.#till,
      payment,
      onView: (seen) => {
        this.#run.tell({ type: "shop", seen });
        const { confirmations } = seen;
        if (this.#deliveredAt !== null || confirmations < this.#run.options.confirmations) return;
        this.#deliveredAt = confirmations;
        this.#run.tell({ type: "delivered", confirmations });
      },
    });
  }

  async #judge(plot: Plot, shop: Shop, ending: Ending): Promise<AttackVerdict> {
    this.#stage.witness.setAttacker(undefined); // from now on she mines like everybody
    const [paid, kept] = [txidOf(plot.payment), txidOf(plot.conflict)];
    const final = await this.#settle(shop, paid, kept);
    const { confirmations, giveUpBehind } = this.#run.options;
    const isAgreed = this.#stage.witness.isAgreed;
    return {
      type: "verdict",
      outcome: isAgreed ? outcomeOf(final.payment, final.conflict) : "undecided",
      share: this.#share,
      confirmations,
      giveUpBehind,
      value: plot.value,
      deliveredAt: this.#deliveredAt,
      payment: final.payment,
      conflict: final.conflict,
      ending,
      reorganisationDepth: shop.reorganisationDepth,
      ...this.#lengths(),
      shop: [...shop.views],
      theory: this.#theory,
      durationSeconds: (Date.now() - this.#startedAtMs) / 1000,
      timeline: this.#stage.timelinePath,
    };
  }

  /** Waits until all nodes agree, one of the two is in a block, and the shop has noticed. */
  async #settle(shop: Shop, payment: Txid, conflict: Txid) {
    const deadlineMs = Date.now() + settleMaxMs;
    for (;;) {
      await this.#pause();
      const final = {
        payment: await stateAt(this.#till, payment),
        conflict: await stateAt(this.#till, conflict),
      };
      const isDecided = outcomeOf(final.payment, final.conflict) !== "undecided";
      const isNoticed = shop.isPaid === (final.payment.state === "confirmed");
      const isAgreed = this.#stage.witness.isAgreed && this.#isPublicationHeard();
      if (isDecided && isNoticed && isAgreed) return final;
      if (Date.now() >= deadlineMs) return final;
    }
  }

  /** What was published needs a moment to get to the shop. */
  #isPublicationHeard(): boolean {
    if (this.#race?.phase !== "published") return true;
    const tip = this.#stage.witness.tipOf(shopName);
    return tip !== undefined && tip.height >= this.#race.forkHeight + this.#race.secret.length;
  }

  async #pause(): Promise<void> {
    await pause(lookIntervalMs, undefined, { signal: this.#run.signal });
  }
}

async function stateAt(client: NodeClient, txid: Txid): Promise<FinalState> {
  try {
    const { state, confirmations } = await client.transactionFate(txid);
    return { txid, state, confirmations };
  } catch (error) {
    const isUnknown = error instanceof NodeRefusedError && error.status === 404;
    if (isUnknown) return { txid, state: "unknown", confirmations: 0 };
    throw error;
  }
}

function hexOf(transaction: Transaction): string {
  return bytesToHex(encodeTransaction(transaction));
}
