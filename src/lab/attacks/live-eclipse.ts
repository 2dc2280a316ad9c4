/**
 * The eclipse, live: leaves the shop no peer but the attacker, pays it on a branch that only these
 * two have, and lets it find the others again. The attacker's node needs no behaviour for that: it
 * has hung up on the others like the shop, so all that it tells is true as far as it knows.
 */

import type { EclipseOptions, EclipseTheory, EclipseVerdict } from "../../contract/attacks.ts";
import { txidOf } from "../../primitives/transaction.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { Member } from "../nodes/member.ts";
import { attackerName, payeeEntryName, shopName } from "../nodes/participants.ts";
import { eclipseTheoryOf, outcomeOf } from "./attack-report.ts";
import { eclipseCurve } from "./probability-curve.ts";
import { hexOf, makePlot, settled, type Plot } from "./conflicting-payments.ts";
import { Shop } from "./shop.ts";
import { settleMaxMs, untilNextLook, type AttackRun, type Stage } from "./setup.ts";

/** A tenth of the power finds two blocks in that time nearly always: they become easier. */
const deceptionMaxMs = 180_000;

export class LiveEclipse {
  readonly #stage: Stage;
  readonly #run: AttackRun<EclipseOptions>;
  readonly #attacker: Member;
  readonly #share: number;
  readonly #theory: EclipseTheory;
  readonly #startedAtMs = Date.now();
  /** Of the last block that the shop and the others both have. */
  #forkHeight = 0;
  /** Blocks that only the shop and the attacker have, and those that only the others have. */
  #lengths = { secretBlocks: 0, publicBlocks: 0 };

  constructor(stage: Stage, run: AttackRun<EclipseOptions>, attacker: Member) {
    this.#stage = stage;
    this.#run = run;
    this.#attacker = attacker;
    this.#share = stage.shares[attackerName] ?? 0;
    this.#theory = eclipseTheoryOf(this.#share, run.options.confirmations);
  }

  async play(): Promise<EclipseVerdict> {
    if (this.#stage.isPartitioned) throw new LeverError("the network is cut; heal it first");
    this.#tellScene();
    const isAgreed = () => this.#stage.observer.isAgreed;
    await this.#until(isAgreed, "the nodes do not agree on a block to begin with");
    const plot = await makePlot(this.#stage);
    const shop = this.#shopFor(plot);
    return shop.during(this.#run.signal, async () => {
      const ending = await this.#deceive(plot, shop);
      this.#run.tell({ type: "mended", ...this.#lengths });
      return this.#judge(plot, shop, ending);
    });
  }

  #tellScene(): void {
    const { confirmations } = this.#run.options;
    this.#run.tell({
      type: "scene",
      attack: "eclipse",
      attacker: attackerName,
      share: this.#share,
      shares: this.#stage.shares,
      confirmations,
      theory: this.#theory,
      curve: eclipseCurve(confirmations),
    });
  }

  #shopFor({ payment }: Plot): Shop {
    return new Shop({
      client: this.#stage.clientOf(shopName),
      payment: txidOf(payment),
      confirmations: this.#run.options.confirmations,
      tell: this.#run.tell,
      onDelivery: () => undefined, // the next look finds it
    });
  }

  /** However it goes, the shop has its peers again afterwards. */
  async #deceive(plot: Plot, shop: Shop): Promise<EclipseVerdict["ending"]> {
    try {
      await this.#cover();
      await this.#strike(plot);
      return await this.#watch(shop);
    } finally {
      if (!this.#run.signal.aborted) await this.#uncover();
    }
  }

  /** Returns when the attacker is all that the shop can see. */
  async #cover(): Promise<void> {
    this.#stage.observer.setAttacker(attackerName);
    await this.#stage.partition([[attackerName, shopName]]);
    const isAlone = async () => {
      const peers = (await this.#stage.memberNamed(shopName)?.status())?.peers ?? [];
      return peers.length > 0 && peers.every((peer) => peer === this.#attacker.peerId);
    };
    await this.#until(isAlone, "the shop's links were not cut in time");
    this.#forkHeight = await this.#findFork();
  }

  async #findFork(): Promise<number> {
    const clients = [shopName, payeeEntryName].map((name) => this.#stage.clientOf(name));
    let height = Math.min(this.#heightOf(shopName), this.#heightOf(payeeEntryName));
    for (;;) {
      const hashes = await Promise.all(clients.map((client) => client.blockHashAt(height)));
      if (new Set(hashes).size === 1) return height;
      height -= 1;
    }
  }

  /** Each side hears of one of the two payments only. */
  async #strike({ payment, conflict, value }: Plot): Promise<void> {
    await this.#stage.clientOf(attackerName).sendTransaction(hexOf(payment));
    await this.#stage.clientOf(payeeEntryName).sendTransaction(hexOf(conflict));
    this.#run.tell({
      type: "paid",
      payment: txidOf(payment),
      conflict: txidOf(conflict),
      value,
      via: attackerName,
      conflictVia: payeeEntryName,
    });
  }

  async #watch(shop: Shop): Promise<EclipseVerdict["ending"]> {
    const deadlineMs = Date.now() + deceptionMaxMs;
    while (Date.now() < deadlineMs) {
      await untilNextLook(this.#run.signal);
      this.#look();
      if (shop.deliveredAt !== null) return "mended";
      if (!this.#stage.isPartitioned) {
        throw new LeverError("somebody healed the network before the shop delivered");
      }
    }
    this.#run.tell({ type: "out-of-time", seconds: deceptionMaxMs / 1000 });
    return "out-of-time";
  }

  #look(): void {
    const secretBlocks = this.#heightOf(shopName) - this.#forkHeight;
    const publicBlocks = this.#heightOf(payeeEntryName) - this.#forkHeight;
    const last = this.#lengths;
    if (secretBlocks === last.secretBlocks && publicBlocks === last.publicBlocks) return;
    this.#lengths = { secretBlocks, publicBlocks };
    this.#run.tell({ type: "race", ...this.#lengths, lead: secretBlocks - publicBlocks });
  }

  /** From now on the attacker is one of many again. */
  async #uncover(): Promise<void> {
    this.#stage.observer.setAttacker(undefined);
    if (this.#stage.isPartitioned) await this.#stage.heal();
  }

  async #judge(plot: Plot, shop: Shop, ending: EclipseVerdict["ending"]): Promise<EclipseVerdict> {
    const { signal } = this.#run;
    const final = await settled({ stage: this.#stage, signal }, plot, shop, async () => true);
    const { isAgreed } = this.#stage.observer;
    return {
      type: "verdict",
      attack: "eclipse",
      outcome: isAgreed ? outcomeOf(final.payment, final.conflict) : "undecided",
      share: this.#share,
      confirmations: this.#run.options.confirmations,
      value: plot.value,
      deliveredAt: shop.deliveredAt,
      ...final,
      ending,
      reorganisationDepth: shop.reorganisationDepth,
      ...this.#lengths,
      shop: [...shop.views],
      theory: this.#theory,
      durationSeconds: (Date.now() - this.#startedAtMs) / 1000,
      timeline: this.#stage.timelinePath,
    };
  }

  /** @throws LeverError with the complaint if it does not come to that. */
  async #until(check: () => boolean | Promise<boolean>, complaint: string): Promise<void> {
    const deadlineMs = Date.now() + settleMaxMs;
    while (!(await check())) {
      if (Date.now() >= deadlineMs) throw new LeverError(`${complaint}; try again`);
      await untilNextLook(this.#run.signal);
    }
  }

  #heightOf(name: string): number {
    return this.#stage.observer.tipOf(name)?.height ?? 0;
  }
}
