/** A link between two nodes: it delays and loses messages, keeps their order, and can be cut. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Action, Alarm, Clock } from "./clock.ts";
import { Lane } from "./lane.ts";

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

/** What was put on links so far, whether it arrived or not. */
export type Carried = { readonly messages: number; readonly bytes: number };

/** What happened to a message. */
export type Crossing = "under-way" | "lost";

export class Link {
  readonly ends: readonly [PeerId, PeerId];
  readonly #unimpaired: LinkConditions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #impairments = new Set<Impairment>();
  /** One for each end: what it sends. */
  readonly #lanes: readonly [Lane, Lane];
  #conditions: LinkConditions;
  /** Grows whenever the link opens or closes: what was under way does not arrive. */
  #era = 0;
  #isOpen = false;
  #carried: Carried = { messages: 0, bytes: 0 };

  constructor(
    ends: readonly [PeerId, PeerId],
    conditions: LinkConditions,
    clock: Clock,
    random: Random,
  ) {
    this.ends = ends;
    this.#unimpaired = conditions;
    this.#conditions = conditions;
    this.#clock = clock;
    this.#random = random;
    const whileOpen = (delayMs: number, action: Action) => this.whileOpen(delayMs, action);
    this.#lanes = [new Lane(clock, whileOpen), new Lane(clock, whileOpen)];
    this.#refresh();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get carried(): Carried {
    return this.#carried;
  }

  /** As it is now, under all impairments. */
  get conditions(): LinkConditions {
    return this.#conditions;
  }

  open(): void {
    this.#isOpen = true;
    this.#era += 1;
  }

  close(): void {
    this.#isOpen = false;
    this.#era += 1;
    for (const lane of this.#lanes) lane.clear();
  }

  /** How long it takes until all has arrived that is under way. */
  get busyMs(): number {
    return Math.max(...this.#lanes.map((lane) => lane.busyMs));
  }

  /** Makes it worse until this impairment is lifted. */
  impair(impairment: Impairment): void {
    this.#impairments.add(impairment);
    this.#refresh();
  }

  lift(impairment: Impairment): void {
    this.#impairments.delete(impairment);
    this.#refresh();
  }

  otherEnd(end: PeerId): PeerId {
    return this.ends[0] === end ? this.ends[1] : this.ends[0];
  }

  /** Lets `arrive` happen at the other end after a while, unless the message is lost. */
  cross(from: PeerId, sizeBytes: number, arrive: Action): Crossing {
    const { messages, bytes } = this.#carried;
    this.#carried = { messages: messages + 1, bytes: bytes + sizeBytes };
    const isLost = this.#random.nextFloat() < this.#conditions.loss;
    const delayMs = this.#drawDelay();
    if (isLost || !this.#isOpen || this.#isSilenced(from)) return "lost";
    const arrivals = [{ delayMs, mayOvertake: this.#drawShare("reordering"), arrive }];
    if (this.#drawShare("duplication")) {
      const laterMs = this.#drawDelay();
      const mayOvertake = this.#drawShare("reordering");
      arrivals.push({ delayMs: laterMs, mayOvertake, arrive });
    }
    const lane = this.#lanes[from === this.ends[0] ? 0 : 1];
    return lane.send(sizeBytes, arrivals) ? "under-way" : "lost";
  }

  /** Lets something happen after a while, if the link is not closed before. */
  whileOpen(delayMs: number, action: Action): Alarm {
    const era = this.#era;
    return this.#clock.after(delayMs, () => {
      if (era === this.#era) action();
    });
  }

  #refresh(): void {
    let conditions = this.#unimpaired;
    for (const { change } of this.#impairments) conditions = change?.(conditions) ?? conditions;
    this.#conditions = conditions;
    const { bandwidthBytesPerSecond = Infinity } = conditions;
    for (const lane of this.#lanes) lane.setBandwidth(bandwidthBytesPerSecond);
  }

  #drawDelay(): number {
    const { latencyMinMs, spreadMs, jitterMs } = this.#conditions;
    const spread = spreadMs ? spreadMs * this.#random.nextFloat() : 0;
    return latencyMinMs + spread + this.#random.nextExponential(jitterMs);
  }

  /** A share of zero costs no draw: worlds without it stay as they were. */
  #drawShare(of: "duplication" | "reordering"): boolean {
    const share = this.#conditions[of];
    return share !== undefined && share > 0 && this.#random.nextFloat() < share;
  }

  #isSilenced(from: PeerId): boolean {
    for (const { silenced } of this.#impairments) if (silenced?.includes(from)) return true;
    return false;
  }
}
