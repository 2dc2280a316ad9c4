/** The double spend, live: pays the shop, watches the race, and judges its end. */

import type { OptionsOf } from "../../attacks/catalogue.ts";
import type { DoubleSpendState } from "../../attacks/double-spend/behaviour.ts";
import {
  type BranchLengths,
  finalLengths,
  type FinalView,
} from "../../attacks/double-spend/final-lengths.ts";
import { type DoubleSpendRace, doubleSpendTheory } from "../../attacks/double-spend/theory.ts";
import type { DoubleSpendVerdict } from "../../attacks/double-spend/words.ts";
import { curveOf } from "../../attacks/record/closed-form.ts";
import { attackerName, shopName } from "../../attacks/record/participants.ts";
import { outcomeOf } from "../../attacks/record/reversal.ts";
import type { Txid } from "../../primitives/brand.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { txidOf } from "../../primitives/transaction.ts";
import type { NodeClient } from "../../wallet/client.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { Member } from "../nodes/member.ts";
import { type AttackedLab, type AttackRun, untilNextLook } from "./attacked-lab.ts";
import {
  type ConflictingPayments,
  hexOf,
  makeConflictingPayments,
  settled,
} from "./conflicting-payments.ts";
import { Shop } from "./shop.ts";

/** How long it looks for a block to begin with. */
const premineMaxMs = 90_000;
/** Then the attacker publishes its branch if that has more work, or gives it up. */
const raceMaxMs = 90_000;

type Ending = DoubleSpendVerdict["ending"];

export class LiveDoubleSpend {
  readonly #lab: AttackedLab;
  readonly #run: AttackRun<OptionsOf<"double-spend">>;
  readonly #attacker: Member;
  readonly #shopClient: NodeClient;
  readonly #race: DoubleSpendRace;
  readonly #startedAtMs = performance.now();
  #state: DoubleSpendState | null = null;

  constructor(lab: AttackedLab, run: AttackRun<OptionsOf<"double-spend">>, attacker: Member) {
    this.#lab = lab;
    this.#run = run;
    this.#attacker = attacker;
    this.#shopClient = lab.clientOf(shopName);
    const { confirmations, giveUpBehind, premine } = run.options;
    const share = lab.shares[attackerName] ?? 0;
    this.#race = { share, confirmations, giveUpBehind, premine };
  }

  async run(): Promise<DoubleSpendVerdict> {
    this.#tellScene();
    const payments = await makeConflictingPayments(this.#lab);
    const shop = this.#shopFor(txidOf(payments.payment));
    return shop.during(this.#run.signal, async () => {
      await this.#strike(payments);
      const ending = await this.#watchRace();
      return this.#judge(payments, shop, ending);
    });
  }

  #tellScene(): void {
    this.#run.tell({
      type: "scene",
      attack: "double-spend",
      attacker: attackerName,
      shares: this.#lab.shares,
      ...this.#race,
      theory: doubleSpendTheory.of(this.#race),
      curve: curveOf(doubleSpendTheory, this.#race),
    });
  }

  async #strike({ payment, conflict, conflictFee, value }: ConflictingPayments): Promise<void> {
    const { confirmations, giveUpBehind, premine } = this.#race;
    this.#lab.observer.setAttacker(attackerName);
    await this.#attacker.attack({
      type: "double-spend",
      payment: txidOf(payment),
      conflict: hexOf(conflict),
      conflictFee,
      payTo: bytesToHex(this.#lab.walletOf(attackerName).key.script),
      confirmations,
      giveUpBehind,
      premine,
    });
    await this.#premine();
    const via = this.#lab.payeeEntry;
    await this.#lab.clientOf(via).sendTransaction(hexOf(payment));
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
    const deadlineMs = performance.now() + premineMaxMs;
    while (!(await this.#look()).isReady) {
      if (performance.now() >= deadlineMs) {
        throw new LeverError(
          `${attackerName} found no secret block in ${premineMaxMs / 1000} s, so no payment was made`,
        );
      }
      await untilNextLook(this.#run.signal);
    }
  }

  async #watchRace(): Promise<Ending> {
    const deadlineMs = performance.now() + raceMaxMs;
    while (performance.now() < deadlineMs) {
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
    const state = await this.#attacker.attackState();
    if (state?.type !== "double-spend")
      throw new Error("the attacker has lost the state of its attack");
    const before = this.#lengths();
    this.#state = state;
    const { secretBlocks, publicBlocks } = this.#lengths();
    const isSame = secretBlocks === before.secretBlocks && publicBlocks === before.publicBlocks;
    if (state.phase === "mining" && !isSame) {
      this.#run.tell({ type: "race", secretBlocks, publicBlocks, lead: state.lead });
    }
    return state;
  }

  #lengths(): BranchLengths {
    const state = this.#state;
    if (state === null) return { secretBlocks: 0, publicBlocks: 0 };
    const publicBlocks = state.publicHeight - state.forkHeight;
    return { secretBlocks: state.secret.length, publicBlocks };
  }

  #shopFor(payment: Txid): Shop {
    return new Shop({
      client: this.#shopClient,
      payment,
      confirmations: this.#run.options.confirmations,
      tell: this.#run.tell,
      onDelivery: () => {
        void this.#attacker.noteDelivery().catch(() => undefined); // the next look will fail, too
      },
    });
  }

  async #judge(
    payments: ConflictingPayments,
    shop: Shop,
    ending: Ending,
  ): Promise<DoubleSpendVerdict> {
    this.#lab.observer.setAttacker(undefined); // from now on she mines honestly
    const { signal } = this.#run;
    const final = await settled({ lab: this.#lab, signal }, payments, shop, async () => {
      await this.#look();
      return this.#isPublicationHeard();
    });
    const { observer, timelinePath } = this.#lab;
    const outcome = observer.isAgreed ? outcomeOf(final.payment, final.conflict) : "undecided";
    const { reorganisationDepth } = shop;
    const height = observer.tipOf(shopName)?.height ?? 0;
    return {
      type: "verdict",
      attack: "double-spend",
      outcome,
      ...this.#race,
      value: payments.value,
      deliveredAt: shop.deliveredAt,
      ...final,
      ending,
      reorganisationDepth,
      ...this.#finalLengths({ outcome, height, reorganisationDepth }),
      shop: [...shop.views],
      theory: doubleSpendTheory.of(this.#race),
      durationSeconds: (performance.now() - this.#startedAtMs) / 1000,
      timeline: timelinePath,
    };
  }

  #finalLengths(view: FinalView): BranchLengths {
    const lengths = this.#lengths();
    return this.#state === null ? lengths : finalLengths(lengths, this.#state, view);
  }

  /** What was published needs a moment to get to the shop. */
  #isPublicationHeard(): boolean {
    if (this.#state?.phase !== "published") return true;
    const tip = this.#lab.observer.tipOf(shopName);
    return tip !== undefined && tip.height >= this.#state.forkHeight + this.#state.secret.length;
  }
}
