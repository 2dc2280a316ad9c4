/** The double spend, live: sets the scene, pays the shop, watches the race, and judges its end. */

import type { DoubleSpendState } from "../../attacks/double-spend/behaviour.ts";
import type { DoubleSpendOptions, DoubleSpendVerdict, Theory } from "../../contract/attacks.ts";
import type { Txid } from "../../primitives/brand.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { txidOf } from "../../primitives/transaction.ts";
import type { NodeClient } from "../../wallet/client.ts";
import { outcomeOf, theoryOf } from "./attack-report.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { Member } from "../nodes/member.ts";
import { doubleSpendCurve } from "./probability-curve.ts";
import { attackerName, payeeEntryName, shopName } from "../nodes/participants.ts";
import { hexOf, makePlot, settled, type Plot } from "./conflicting-payments.ts";
import { Shop } from "./shop.ts";
import { untilNextLook, type AttackRun, type Stage } from "./setup.ts";

/** How long it looks for a block to begin with. */
const premineMaxMs = 90_000;
/** Then the attacker publishes what it has if that is more, or forgets it. */
const raceMaxMs = 90_000;

type Ending = DoubleSpendVerdict["ending"];

export class LiveDoubleSpend {
  readonly #stage: Stage;
  readonly #run: AttackRun<DoubleSpendOptions>;
  readonly #attacker: Member;
  readonly #till: NodeClient;
  readonly #share: number;
  readonly #theory: Theory;
  readonly #startedAtMs = Date.now();
  #race: DoubleSpendState | null = null;

  constructor(stage: Stage, run: AttackRun<DoubleSpendOptions>, attacker: Member) {
    this.#stage = stage;
    this.#run = run;
    this.#attacker = attacker;
    this.#till = stage.clientOf(shopName);
    this.#share = stage.shares[attackerName] ?? 0;
    this.#theory = theoryOf(this.#share, run.options);
  }

  async play(): Promise<DoubleSpendVerdict> {
    this.#tellScene();
    const plot = await makePlot(this.#stage);
    const shop = this.#shopFor(txidOf(plot.payment));
    return shop.during(this.#run.signal, async () => {
      await this.#strike(plot);
      const ending = await this.#watchRace();
      return this.#judge(plot, shop, ending);
    });
  }

  #tellScene(): void {
    const { confirmations, giveUpBehind, premine } = this.#run.options;
    this.#run.tell({
      type: "scene",
      attack: "double-spend",
      attacker: attackerName,
      share: this.#share,
      shares: this.#stage.shares,
      confirmations,
      giveUpBehind,
      premine,
      theory: this.#theory,
      curve: doubleSpendCurve(this.#run.options),
    });
  }

  async #strike({ payment, conflict, conflictFee, value }: Plot): Promise<void> {
    const { confirmations, giveUpBehind, premine } = this.#run.options;
    this.#stage.observer.setAttacker(attackerName);
    await this.#attacker.attack({
      type: "double-spend",
      payment: txidOf(payment),
      conflict: hexOf(conflict),
      conflictFee,
      payTo: bytesToHex(this.#stage.walletOf(attackerName).key.script),
      confirmations,
      giveUpBehind,
      premine,
    });
    await this.#premine();
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

  /** Returns when the attacker has what it wants to have before it pays. */
  async #premine(): Promise<void> {
    const deadlineMs = Date.now() + premineMaxMs;
    while (!(await this.#look()).isReady) {
      if (Date.now() >= deadlineMs) {
        throw new LeverError(
          `${attackerName} found no secret block in ${premineMaxMs / 1000} s, so nobody was paid`,
        );
      }
      await untilNextLook(this.#run.signal);
    }
  }

  async #watchRace(): Promise<Ending> {
    const deadlineMs = Date.now() + raceMaxMs;
    while (Date.now() < deadlineMs) {
      await untilNextLook(this.#run.signal);
      const { phase } = await this.#look();
      if (phase === "mining") continue;
      this.#run.tell({ type: phase, ...this.#lengths() });
      return phase;
    }
    this.#run.tell({ type: "out-of-time", seconds: raceMaxMs / 1000 });
    await this.#attacker.endAttack();
    return "out-of-time";
  }

  async #look(): Promise<DoubleSpendState> {
    const race = await this.#attacker.attackState();
    if (race?.type !== "double-spend") throw new Error("the attacker has forgotten its attack");
    const before = this.#lengths();
    this.#race = race;
    const { secretBlocks, publicBlocks } = this.#lengths();
    const isSame = secretBlocks === before.secretBlocks && publicBlocks === before.publicBlocks;
    if (race.phase === "mining" && !isSame) {
      this.#run.tell({ type: "race", secretBlocks, publicBlocks, lead: race.lead });
    }
    return race;
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
      confirmations: this.#run.options.confirmations,
      tell: this.#run.tell,
      onDelivery: () => {
        void this.#attacker.noteDelivery().catch(() => undefined); // the next look will fail, too
      },
    });
  }

  async #judge(plot: Plot, shop: Shop, ending: Ending): Promise<DoubleSpendVerdict> {
    this.#stage.observer.setAttacker(undefined); // from now on she mines like everybody
    const { signal } = this.#run;
    const final = await settled({ stage: this.#stage, signal }, plot, shop, async () => {
      await this.#look();
      return this.#isPublicationHeard();
    });
    const { confirmations, giveUpBehind, premine } = this.#run.options;
    const isAgreed = this.#stage.observer.isAgreed;
    return {
      type: "verdict",
      attack: "double-spend",
      outcome: isAgreed ? outcomeOf(final.payment, final.conflict) : "undecided",
      share: this.#share,
      confirmations,
      giveUpBehind,
      premine,
      value: plot.value,
      deliveredAt: shop.deliveredAt,
      ...final,
      ending,
      reorganisationDepth: shop.reorganisationDepth,
      ...this.#lengths(),
      shop: [...shop.views],
      theory: this.#theory,
      durationSeconds: (Date.now() - this.#startedAtMs) / 1000,
      timeline: this.#stage.timelinePath,
    };
  }

  /** What was published needs a moment to get to the shop. */
  #isPublicationHeard(): boolean {
    if (this.#race?.phase !== "published") return true;
    const tip = this.#stage.observer.tipOf(shopName);
    return tip !== undefined && tip.height >= this.#race.forkHeight + this.#race.secret.length;
  }
}
