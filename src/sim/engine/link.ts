/** A link between two nodes: it delays and loses messages, keeps their order, and can be cut. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Clock } from "./clock.ts";

export type LinkConditions = {
  /** What every message takes at least. */
  readonly latencyMinMs: number;
  /** What it takes longer: up to so much, each length equally likely; nothing if it is left out. */
  readonly spreadMs?: number;
  /** The mean of what it takes longer still: exponential, so without memory, so that some take much longer. */
  readonly jitterMs: number;
  /** The share of messages that never arrive, 0 to 1. */
  readonly loss: number;
  /** In each direction, one message after the other; without a limit if it is left out. */
  readonly bandwidthBytesPerSecond?: number;
  /** The share of messages that arrive twice; none if it is left out. */
  readonly duplication?: number;
  /** The share of messages that may overtake others; none if it is left out. */
  readonly reordering?: number;
};

/** Two neighbours in the same city. */
export const defaultConditions: LinkConditions = { latencyMinMs: 20, jitterMs: 20, loss: 0 };

/** What makes a link worse for a while; several may lie on one link. */
export type Impairment = {
  readonly change?: (conditions: LinkConditions) => LinkConditions;
  /** Nothing that these ends send arrives. */
  readonly silenced?: readonly PeerId[];
};

/** What happened to a message. */
export type Crossing = "under-way" | "lost";

export class Link {
  readonly ends: readonly [PeerId, PeerId];
  readonly #conditions: LinkConditions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #impairments = new Set<Impairment>();
  /** When the newest message in each direction arrives: none overtakes another. */
  readonly #lastArrivalMs = new Map<PeerId, number>();
  /** When each direction has sent all that waits for the bandwidth. */
  readonly #freeAtMs = new Map<PeerId, number>();
  /** Grows whenever the link opens or closes: what was under way does not arrive. */
  #era = 0;
  #isOpen = false;

  constructor(
    ends: readonly [PeerId, PeerId],
    conditions: LinkConditions,
    clock: Clock,
    random: Random,
  ) {
    this.ends = ends;
    this.#conditions = conditions;
    this.#clock = clock;
    this.#random = random;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** As it is now, under all impairments. */
  get conditions(): LinkConditions {
    let conditions = this.#conditions;
    for (const { change } of this.#impairments) conditions = change?.(conditions) ?? conditions;
    return conditions;
  }

  open(): void {
    this.#isOpen = true;
    this.#era += 1;
  }

  close(): void {
    this.#isOpen = false;
    this.#era += 1;
    this.#lastArrivalMs.clear();
    this.#freeAtMs.clear();
  }

  /** How long it takes until all has arrived that is under way. */
  get busyMs(): number {
    return Math.max(
      0,
      ...[...this.#lastArrivalMs.values()].map((at) => at - this.#clock.elapsedMs),
    );
  }

  /** Makes it worse until this impairment is lifted. */
  impair(impairment: Impairment): void {
    this.#impairments.add(impairment);
  }

  lift(impairment: Impairment): void {
    this.#impairments.delete(impairment);
  }

  otherEnd(end: PeerId): PeerId {
    return this.ends[0] === end ? this.ends[1] : this.ends[0];
  }

  /** Lets `arrive` happen at the other end after a while, unless the message is lost. */
  cross(from: PeerId, sizeBytes: number, arrive: () => void): Crossing {
    const { conditions } = this;
    const isLost = this.#random.nextFloat() < conditions.loss;
    const delayMs = this.#drawDelay(conditions);
    if (isLost || !this.#isOpen || this.#isSilenced(from)) return "lost";
    const sentMs = this.#sendOff(from, sizeBytes, conditions);
    this.#arrive(from, sentMs + delayMs, conditions, arrive);
    // A probability of zero costs no draw: worlds without it stay as they were.
    const { duplication } = conditions;
    if (duplication && this.#random.nextFloat() < duplication) {
      this.#arrive(from, sentMs + this.#drawDelay(conditions), conditions, arrive);
    }
    return "under-way";
  }

  #drawDelay({ latencyMinMs, spreadMs, jitterMs }: LinkConditions): number {
    const spread = spreadMs ? spreadMs * this.#random.nextFloat() : 0;
    return latencyMinMs + spread + this.#random.nextExponential(jitterMs);
  }

  /** Lets something happen after a while, if the link is not closed before. */
  whileOpen(delayMs: number, action: () => void): void {
    const era = this.#era;
    this.#clock.after(delayMs, () => {
      if (era === this.#era) action();
    });
  }

  #isSilenced(from: PeerId): boolean {
    for (const { silenced } of this.#impairments) if (silenced?.includes(from)) return true;
    return false;
  }

  /** Answers when the last byte has left. */
  #sendOff(from: PeerId, sizeBytes: number, { bandwidthBytesPerSecond }: LinkConditions): number {
    const { elapsedMs } = this.#clock;
    if (bandwidthBytesPerSecond === undefined) return elapsedMs;
    const beginsMs = Math.max(elapsedMs, this.#freeAtMs.get(from) ?? 0);
    const sentMs = beginsMs + (sizeBytes * 1000) / bandwidthBytesPerSecond;
    this.#freeAtMs.set(from, sentMs);
    return sentMs;
  }

  #arrive(
    from: PeerId,
    soonestMs: number,
    { reordering }: LinkConditions,
    arrive: () => void,
  ): void {
    const lastMs = this.#lastArrivalMs.get(from) ?? 0;
    const overtakes = reordering && this.#random.nextFloat() < reordering;
    const arrivalMs = overtakes ? soonestMs : Math.max(soonestMs, lastMs);
    this.#lastArrivalMs.set(from, Math.max(arrivalMs, lastMs));
    this.whileOpen(arrivalMs - this.#clock.elapsedMs, arrive);
  }
}
