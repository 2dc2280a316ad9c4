/** One direction of a link: messages wait for its bandwidth, and arrive in the order of their leaving. */

import type { Action, Alarm, Clock } from "./clock.ts";

/** One arrival of a message; a message that comes twice has two. */
export type Arrival = {
  /** Counted from the moment at which the last byte has left. */
  readonly delayMs: number;
  /** True if it may come before what was sent earlier. */
  readonly mayOvertake: boolean;
  readonly arrive: Action;
};

/** A message of which some bytes have not left yet, as things stand at the bandwidth of now. */
type Waiting = {
  readonly sentMs: number;
  /** When it and all that was sent before it have arrived. */
  readonly allArrivedMs: number;
  readonly arrivals: readonly Arrival[];
  readonly alarms: readonly Alarm[];
};

/**
 * What may wait for the bandwidth of one direction: a message that finds more is lost. Linux lets
 * the send buffer of a connection grow as far, by the default of net.ipv4.tcp_wmem.
 */
export const waitingBytesMax = 4 * 1024 * 1024;

export class Lane {
  readonly #clock: Clock;
  readonly #schedule: (delayMs: number, action: Action) => Alarm;
  #bytesPerSecond = Infinity;
  /** Oldest first: the first is being sent. */
  #waiting: Waiting[] = [];
  /** When all that has left has arrived. */
  #allArrivedMs = 0;

  /** @param schedule lets something happen after a while, if the link is not closed before. */
  constructor(clock: Clock, schedule: (delayMs: number, action: Action) => Alarm) {
    this.#clock = clock;
    this.#schedule = schedule;
  }

  /** How long it takes until all has arrived that was sent, at the bandwidth of now. */
  get busyMs(): number {
    const allArrivedMs = this.#waiting.at(-1)?.allArrivedMs ?? this.#allArrivedMs;
    return Math.max(0, allArrivedMs - this.#clock.elapsedMs);
  }

  /** @returns false if it is lost, because too much waits. */
  send(sizeBytes: number, arrivals: readonly Arrival[]): boolean {
    const nowMs = this.#clock.elapsedMs;
    if (this.#bytesPerSecond === Infinity) {
      for (const arrival of arrivals) {
        const arrivalMs = arrivalOf(arrival, nowMs, this.#allArrivedMs);
        this.#allArrivedMs = Math.max(this.#allArrivedMs, arrivalMs);
        this.#schedule(arrivalMs - nowMs, arrival.arrive);
      }
      return true;
    }
    this.#dropSent();
    const before = this.#waiting.at(-1);
    const beginsMs = before?.sentMs ?? nowMs;
    if ((beginsMs - nowMs) * this.#bytesPerSecond > waitingBytesMax * 1000) return false;
    const sentMs = beginsMs + (sizeBytes * 1000) / this.#bytesPerSecond;
    const allArrivedMs = before?.allArrivedMs ?? this.#allArrivedMs;
    this.#waiting.push(this.#arrangeAll(arrivals, sentMs, allArrivedMs));
    return true;
  }

  /** What waits leaves at the new bandwidth from now on. @param bytesPerSecond may be infinite. */
  setBandwidth(bytesPerSecond: number): void {
    if (bytesPerSecond === this.#bytesPerSecond) return;
    this.#dropSent();
    const nowMs = this.#clock.elapsedMs;
    const slowdown = this.#bytesPerSecond / bytesPerSecond;
    this.#bytesPerSecond = bytesPerSecond;
    const waiting = this.#waiting;
    this.#waiting = [];
    let allArrivedMs = this.#allArrivedMs;
    for (const { sentMs, arrivals, alarms } of waiting) {
      for (const alarm of alarms) this.#clock.cancel(alarm);
      const leavesMs = nowMs + (sentMs - nowMs) * slowdown;
      const arranged = this.#arrangeAll(arrivals, leavesMs, allArrivedMs);
      this.#waiting.push(arranged);
      allArrivedMs = arranged.allArrivedMs;
    }
    this.#dropSent();
  }

  /** Forgets what is under way, as the link has closed. */
  clear(): void {
    this.#waiting = [];
    this.#allArrivedMs = 0;
  }

  #dropSent(): void {
    const nowMs = this.#clock.elapsedMs;
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || first.sentMs > nowMs) return;
      this.#allArrivedMs = first.allArrivedMs;
      this.#waiting.shift();
    }
  }

  #arrangeAll(arrivals: readonly Arrival[], sentMs: number, beforeMs: number): Waiting {
    let allArrivedMs = beforeMs;
    const alarms = arrivals.map((arrival) => {
      const arrivalMs = arrivalOf(arrival, sentMs, allArrivedMs);
      allArrivedMs = Math.max(allArrivedMs, arrivalMs);
      return this.#schedule(arrivalMs - this.#clock.elapsedMs, arrival.arrive);
    });
    return { sentMs, allArrivedMs, arrivals, alarms };
  }
}

function arrivalOf({ delayMs, mayOvertake }: Arrival, sentMs: number, beforeMs: number): number {
  return mayOvertake ? sentMs + delayMs : Math.max(sentMs + delayMs, beforeMs);
}
