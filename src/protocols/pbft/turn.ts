/** One step at work: a draft of the next state, and what the step asks its host to do. */

import type { Write } from "../../machine/store.ts";
import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import type { Evidence } from "../process/evidence.ts";
import type { Answer, RequestId } from "../process/key-value.ts";
import { type Moment, othersOf, type ProcessEffect, type Step } from "../process/process.ts";
import type { Signatures } from "../process/signatures.ts";
import { withoutTimer, withTimer } from "../process/timers.ts";
import { type Judge, type Phase, phaseText, primaryOf } from "./certificate.ts";
import type { PbftMessage, Vote } from "./message.ts";
import type { PbftNews } from "./news.ts";
import type { PbftRules } from "./rules.ts";
import {
  accusedMax,
  doublingsMax,
  emptySlot,
  hasOpenVotes,
  isWaiting,
  type PbftOptions,
  type PbftState,
  type PbftTimer,
  repeatDoublingsMax,
  type Slot,
  windowOf,
  withSlot,
} from "./state.ts";

export type PbftContext = { readonly rules: PbftRules; readonly options: PbftOptions };
export type PbftEffect = ProcessEffect<PbftMessage, PbftNews>;
export type PbftStep = Step<PbftState, PbftMessage, PbftNews>;

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Made for one step and dropped after it. The draft's fields are replaced, what they hold is never
 * changed, so that the state the step began with stays as it was.
 */
export class Turn {
  readonly state: Draft<PbftState>;
  readonly rules: PbftRules;
  readonly options: PbftOptions;
  readonly #now: Elapsed;
  readonly #signatures: Signatures;
  readonly #executedBefore: number;
  readonly #effects: PbftEffect[] = [];
  readonly #writes = new Map<string, Write>();

  /** @throws Error if the host hands in no signatures: this protocol signs. */
  constructor(state: PbftState, { rules, options }: PbftContext, { now, signatures }: Moment) {
    if (signatures === undefined)
      throw new Error("pbft signs, and its host handed in no signatures");
    this.state = { ...state };
    this.rules = rules;
    this.options = options;
    this.#now = now;
    this.#signatures = signatures;
    this.#executedBefore = state.executed;
  }

  get name(): PeerId {
    return this.state.setting.name;
  }

  get members(): readonly PeerId[] {
    return this.state.setting.members;
  }

  get quorum(): number {
    return this.rules.quorum(this.members.length);
  }

  get primary(): PeerId {
    return primaryOf(this.state.view, this.members);
  }

  get isPrimary(): boolean {
    return this.primary === this.name;
  }

  get judge(): Judge {
    return {
      members: this.members,
      quorum: this.quorum,
      verify: (signer, text, signature) => this.verify(signer, text, signature),
      isPrepared: (prepares, quorum) => this.rules.isPrepared(prepares, quorum),
    };
  }

  /** The highest number that may be used before the next checkpoint is stable. */
  get high(): number {
    return this.state.stable.number + windowOf(this.options);
  }

  sign(text: string): string {
    return this.#signatures.sign(text);
  }

  verify(signer: string, text: string, signature: string): boolean {
    return this.rules.isSigned(this.#signatures, signer, text, signature);
  }

  slot(number: number): Slot {
    return this.state.slots[number - this.state.stable.number - 1] ?? emptySlot;
  }

  /** @param number behind the stable checkpoint. */
  setSlot(number: number, slot: Slot): void {
    const { slots, stable } = this.state;
    this.state.slots = withSlot(slots, number - stable.number - 1, slot);
  }

  send(to: PeerId, message: PbftMessage): void {
    this.#effects.push({ type: "send", to, message });
  }

  sendToOthers(message: PbftMessage): void {
    for (const to of othersOf(this.state.setting)) this.send(to, message);
  }

  answer(id: RequestId, answer: Answer): void {
    this.#effects.push({ type: "answer", id, answer });
  }

  tell(news: PbftNews): void {
    this.#effects.push({ type: "news", news });
  }

  /** A later write of the same record replaces it. */
  write(write: Write): void {
    this.#writes.set(write.key, write);
  }

  /** Two statements of one signer for one view and number: what an honest process never signs. */
  accuse(culprit: PeerId, phase: Phase, first: Statement, second: Statement): void {
    const about = `${phase} of view ${first.view}, number ${first.number}`;
    const key = `${culprit} ${about}`;
    const { accused } = this.state;
    if (accused.includes(key) || accused.length >= accusedMax) return;
    this.state.accused = [...accused, key];
    const statements: Evidence["statements"] = [
      { text: phaseText(phase, first), signature: first.signature },
      { text: phaseText(phase, second), signature: second.signature },
    ];
    this.tell({ type: "equivocation", evidence: { culprit, about, statements } });
  }

  hasTimer(name: PbftTimer): boolean {
    return this.state.timers[name] !== undefined;
  }

  /** Waits for progress from now on, twice as long for each view that was left without any. */
  startProgressTimer(): void {
    const doublings = Math.min(this.state.fruitless, doublingsMax);
    this.#setTimer("progress", this.options.progressMs * 2 ** doublings);
  }

  stopTimer(name: PbftTimer): void {
    if (this.hasTimer(name)) this.state.timers = withoutTimer(this.state.timers, name);
  }

  /** What is to be durable comes first: nothing leaves that a crash could undo. */
  finish(): PbftStep {
    const batch = this.rules.writesBeforeSending([...this.#writes.values()]);
    if (batch.length > 0) this.#effects.unshift({ type: "persist", batch });
    this.#followProgress();
    this.#followOpenWork();
    return { state: this.state, effects: this.#effects };
  }

  #setTimer(name: PbftTimer, afterMs: number): void {
    this.state.timers = withTimer(this.state.timers, name, this.#now + afterMs);
  }

  /** Between views the timer belongs to the change of the view. */
  #followProgress(): void {
    const { state } = this;
    if (!state.isActive) return;
    if (!isWaiting(state)) this.stopTimer("progress");
    else if (!this.hasTimer("progress") || state.executed > this.#executedBefore) {
      this.startProgressTimer();
    }
  }

  #followOpenWork(): void {
    const { state } = this;
    const isOpen = !state.isActive || state.isBehind || isWaiting(state) || hasOpenVotes(state);
    if (!isOpen || state.executed > this.#executedBefore) {
      state.repeats = 0;
      this.stopTimer("resend");
    }
    if (!isOpen || this.hasTimer("resend")) return;
    const doublings = Math.min(state.repeats, repeatDoublingsMax);
    this.#setTimer("resend", this.options.resendMs * 2 ** doublings);
  }
}

type Statement = Pick<Vote, "view" | "number" | "digest" | "signature">;
