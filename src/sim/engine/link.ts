/** A link between two nodes: it delays, it loses, it keeps order, and it can be cut. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Clock } from "./clock.ts";

export type LinkLaw = {
  /** What every message takes at least. */
  readonly latencyMinMs: number;
  /** The mean of what it takes longer; without memory, so that some take much longer. */
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
export const defaultLaw: LinkLaw = { latencyMinMs: 20, jitterMs: 20, loss: 0 };

/** What makes a link worse for a while; several may lie on one link. */
export type Burden = {
  readonly change?: (law: LinkLaw) => LinkLaw;
  /** Nothing that these ends send arrives. */
  readonly silenced?: readonly PeerId[];
};

/** What happened to a message. */
export type Crossing = "under-way" | "lost";

export class Link {
  readonly ends: readonly [PeerId, PeerId];
  readonly #law: LinkLaw;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #burdens = new Set<Burden>();
  /** When the newest message in each direction arrives: none overtakes another. */
  readonly #lastArrivalMs = new Map<PeerId, number>();
  /** When each direction has sent all that waits for the bandwidth. */
  readonly #freeAtMs = new Map<PeerId, number>();
  /** Grows whenever the link opens or closes: what was under way does not arrive. */
  #era = 0;
  #isOpen = false;

  constructor(ends: readonly [PeerId, PeerId], law: LinkLaw, clock: Clock, random: Random) {
    this.ends = ends;
    this.#law = law;
    this.#clock = clock;
    this.#random = random;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** As it is now, under all burdens. */
  get law(): LinkLaw {
    let law = this.#law;
    for (const { change } of this.#burdens) law = change?.(law) ?? law;
    return law;
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

  burden(burden: Burden): void {
    this.#burdens.add(burden);
  }

  relieve(burden: Burden): void {
    this.#burdens.delete(burden);
  }

  otherEnd(end: PeerId): PeerId {
    return this.ends[0] === end ? this.ends[1] : this.ends[0];
  }

  /** Lets `arrive` happen at the other end after a while, unless the message is lost. */
  cross(from: PeerId, sizeBytes: number, arrive: () => void): Crossing {
    const { law } = this;
    const isLost = this.#random.nextFloat() < law.loss;
    const delayMs = law.latencyMinMs + this.#random.nextExponential(law.jitterMs);
    if (isLost || !this.#isOpen || this.#isSilenced(from)) return "lost";
    const sentMs = this.#sendOff(from, sizeBytes, law);
    this.#arrive(from, sentMs + delayMs, law, arrive);
    // A chance of zero costs no draw: worlds without it stay as they were.
    if (law.duplication && this.#random.nextFloat() < law.duplication) {
      const againMs = sentMs + law.latencyMinMs + this.#random.nextExponential(law.jitterMs);
      this.#arrive(from, againMs, law, arrive);
    }
    return "under-way";
  }

  /** Lets something happen after a while, if the link is not closed before. */
  whileOpen(delayMs: number, action: () => void): void {
    const era = this.#era;
    this.#clock.after(delayMs, () => {
      if (era === this.#era) action();
    });
  }

  #isSilenced(from: PeerId): boolean {
    for (const { silenced } of this.#burdens) if (silenced?.includes(from)) return true;
    return false;
  }

  /** Answers when the last byte has left. */
  #sendOff(from: PeerId, sizeBytes: number, { bandwidthBytesPerSecond }: LinkLaw): number {
    const { elapsedMs } = this.#clock;
    if (bandwidthBytesPerSecond === undefined) return elapsedMs;
    const beginsMs = Math.max(elapsedMs, this.#freeAtMs.get(from) ?? 0);
    const sentMs = beginsMs + (sizeBytes * 1000) / bandwidthBytesPerSecond;
    this.#freeAtMs.set(from, sentMs);
    return sentMs;
  }

  #arrive(from: PeerId, soonestMs: number, law: LinkLaw, arrive: () => void): void {
    const lastMs = this.#lastArrivalMs.get(from) ?? 0;
    const overtakes = law.reordering && this.#random.nextFloat() < law.reordering;
    const arrivalMs = overtakes ? soonestMs : Math.max(soonestMs, lastMs);
    this.#lastArrivalMs.set(from, Math.max(arrivalMs, lastMs));
    this.whileOpen(arrivalMs - this.#clock.elapsedMs, arrive);
  }
}
