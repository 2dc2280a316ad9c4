/**
 * The eclipse, live: leaves the shop no peer but the attacker, pays it on a branch that only these
 * two have, and lets it find the others again.
 */

import type { OptionsOf } from "../../attacks/catalogue.ts";
import type { EclipseRace } from "../../attacks/eclipse/terms.ts";
import { deceptionTheory } from "../../attacks/eclipse/theory.ts";
import type { EclipseVerdict } from "../../attacks/eclipse/words.ts";
import { curveOf } from "../../attacks/record/closed-form.ts";
import { attackerName, payeeEntryName, shopName } from "../../attacks/record/participants.ts";
import { outcomeOf } from "../../attacks/record/reversal.ts";
import { txidOf } from "../../primitives/transaction.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { Member } from "../nodes/member.ts";
import { type AttackedLab, type AttackRun, settleMaxMs, untilNextLook } from "./attacked-lab.ts";
import {
  type ConflictingPayments,
  hexOf,
  makeConflictingPayments,
  settled,
} from "./conflicting-payments.ts";
import { Shop } from "./shop.ts";

/** A tenth of the power finds two blocks in that time nearly always: they become easier. */
const deceptionMaxMs = 180_000;

export class LiveEclipse {
  readonly #lab: AttackedLab;
  readonly #run: AttackRun<OptionsOf<"eclipse">>;
  readonly #attacker: Member;
  readonly #race: EclipseRace;
  readonly #startedAtMs = performance.now();
  /** Of the last block that the shop and the others both have. */
  #forkHeight = 0;
  /** Blocks that only the shop and the attacker have, and those that only the others have. */
  #lengths = { secretBlocks: 0, publicBlocks: 0 };

  constructor(lab: AttackedLab, run: AttackRun<OptionsOf<"eclipse">>, attacker: Member) {
    this.#lab = lab;
    this.#run = run;
    this.#attacker = attacker;
    const { confirmations } = run.options;
    this.#race = { share: lab.shares[attackerName] ?? 0, confirmations };
  }

  async run(): Promise<EclipseVerdict> {
    if (this.#lab.isPartitioned) throw new LeverError("the network is cut; heal it first");
    this.#tellScene();
    const isAgreed = () => this.#lab.observer.isAgreed;
    await this.#until(isAgreed, "the nodes do not agree on a block to begin with");
    const payments = await makeConflictingPayments(this.#lab);
    const shop = this.#shopFor(payments);
    return shop.during(this.#run.signal, async () => {
      const ending = await this.#deceive(payments, shop);
      this.#run.tell({ type: "mended", ...this.#lengths });
      return this.#judge(payments, shop, ending);
    });
  }

  #tellScene(): void {
    this.#run.tell({
      type: "scene",
      attack: "eclipse",
      attacker: attackerName,
      shares: this.#lab.shares,
      ...this.#race,
      theory: deceptionTheory.of(this.#race),
      curve: curveOf(deceptionTheory, this.#race),
    });
  }

  #shopFor({ payment }: ConflictingPayments): Shop {
    return new Shop({
      client: this.#lab.clientOf(shopName),
      payment: txidOf(payment),
      confirmations: this.#run.options.confirmations,
      tell: this.#run.tell,
      onDelivery: () => undefined, // the next look finds it
    });
  }

  /** However it goes, the shop has its peers again afterwards. */
  async #deceive(payments: ConflictingPayments, shop: Shop): Promise<EclipseVerdict["ending"]> {
    try {
      await this.#cover();
      await this.#strike(payments);
      return await this.#watch(shop);
    } finally {
      if (!this.#run.closing.aborted) await this.#uncover();
    }
  }

  /** Returns when the attacker is all that the shop can see. */
  async #cover(): Promise<void> {
    this.#lab.observer.setAttacker(attackerName);
    await this.#lab.partition([[attackerName, shopName]]);
    const isAlone = async () => {
      const peers = (await this.#lab.memberNamed(shopName)?.status())?.peers ?? [];
      return peers.length > 0 && peers.every((peer) => peer === this.#attacker.peerId);
    };
    await this.#until(isAlone, "the shop's links were not cut in time");
    this.#forkHeight = await this.#findFork();
  }

  async #findFork(): Promise<number> {
    const clients = [shopName, payeeEntryName].map((name) => this.#lab.clientOf(name));
    let height = Math.min(this.#heightOf(shopName), this.#heightOf(payeeEntryName));
    for (;;) {
      const hashes = await Promise.all(clients.map((client) => client.blockHashAt(height)));
      if (new Set(hashes).size === 1) return height;
      height -= 1;
    }
  }

  /** Each side receives one of the two payments only. */
  async #strike({ payment, conflict, value }: ConflictingPayments): Promise<void> {
    await this.#lab.clientOf(attackerName).sendTransaction(hexOf(payment));
    await this.#lab.clientOf(payeeEntryName).sendTransaction(hexOf(conflict));
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
    const deadlineMs = performance.now() + deceptionMaxMs;
    while (performance.now() < deadlineMs) {
      await untilNextLook(this.#run.signal);
      this.#look();
      if (shop.deliveredAt !== null) return "mended";
      if (!this.#lab.isPartitioned) {
        throw new LeverError("the network was healed before the shop delivered");
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

  /** From now on the attacker is an ordinary peer again. */
  async #uncover(): Promise<void> {
    this.#lab.observer.setAttacker(undefined);
    if (this.#lab.isPartitioned) await this.#lab.heal();
  }

  async #judge(
    payments: ConflictingPayments,
    shop: Shop,
    ending: EclipseVerdict["ending"],
  ): Promise<EclipseVerdict> {
    const { signal } = this.#run;
    const final = await settled({ lab: this.#lab, signal }, payments, shop, async () => true);
    const { isAgreed } = this.#lab.observer;
    return {
      type: "verdict",
      attack: "eclipse",
      outcome: isAgreed ? outcomeOf(final.payment, final.conflict) : "undecided",
      ...this.#race,
      value: payments.value,
      deliveredAt: shop.deliveredAt,
      ...final,
      ending,
      reorganisationDepth: shop.reorganisationDepth,
      ...this.#lengths,
      shop: [...shop.views],
      theory: deceptionTheory.of(this.#race),
      durationSeconds: (performance.now() - this.#startedAtMs) / 1000,
      timeline: this.#lab.timelinePath,
    };
  }

  /** @throws LeverError with the complaint if it does not come to that. */
  async #until(check: () => boolean | Promise<boolean>, complaint: string): Promise<void> {
    const deadlineMs = performance.now() + settleMaxMs;
    while (!(await check())) {
      if (performance.now() >= deadlineMs) throw new LeverError(`${complaint}; try again`);
      await untilNextLook(this.#run.signal);
    }
  }

  #heightOf(name: string): number {
    return this.#lab.observer.tipOf(name)?.height ?? 0;
  }
}
