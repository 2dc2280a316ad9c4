/** A link between two nodes: it delays, it loses, it keeps order, and it can be cut. */

import type { PeerId } from "../primitives/brand.ts";
import type { Random } from "../primitives/random.ts";
import type { Clock } from "./clock.ts";

export type LinkLaw = {
  /** What every message takes at least. */
  readonly latencyMinMs: number;
  /** The mean of what it takes longer; without memory, so that some take much longer. */
  readonly jitterMs: number;
  /** The share of messages that never arrive, 0 to 1. */
  readonly loss: number;
};

/** Two neighbours in the same city. */
export const defaultLaw: LinkLaw = { latencyMinMs: 20, jitterMs: 20, loss: 0 };

/** What happened to a message. */
export type Crossing = "under-way" | "lost";

export class Link {
  readonly ends: readonly [PeerId, PeerId];
  law: LinkLaw;
  readonly #clock: Clock;
  readonly #random: Random;
  /** When the newest message in each direction arrives: none overtakes another. */
  readonly #lastArrivalMs = new Map<PeerId, number>();
  /** Grows whenever the link opens or closes: what was under way does not arrive. */
  #era = 0;
  #isOpen = false;

  constructor(ends: readonly [PeerId, PeerId], law: LinkLaw, clock: Clock, random: Random) {
    this.ends = ends;
    this.law = law;
    this.#clock = clock;
    this.#random = random;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
    this.#era += 1;
  }

  close(): void {
    this.#isOpen = false;
    this.#era += 1;
    this.#lastArrivalMs.clear();
  }

  otherEnd(end: PeerId): PeerId {
    return this.ends[0] === end ? this.ends[1] : this.ends[0];
  }

  /** Lets `arrive` happen at the other end after a while, unless the message is lost. */
  cross(from: PeerId, arrive: () => void): Crossing {
    const isLost = this.#random.nextFloat() < this.law.loss;
    const delayMs = this.law.latencyMinMs + this.#random.nextExponential(this.law.jitterMs);
    if (isLost || !this.#isOpen) return "lost";
    const { elapsedMs } = this.#clock;
    const arrivalMs = Math.max(elapsedMs + delayMs, this.#lastArrivalMs.get(from) ?? 0);
    this.#lastArrivalMs.set(from, arrivalMs);
    this.whileOpen(arrivalMs - elapsedMs, arrive);
    return "under-way";
  }

  /** Lets something happen after a while, if the link is not closed before. */
  whileOpen(delayMs: number, action: () => void): void {
    const era = this.#era;
    this.#clock.after(delayMs, () => {
      if (era === this.#era) action();
    });
  }
}
