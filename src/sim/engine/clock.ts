/** Virtual time: it stands still during an event, and jumps to the next one. */

import type { Milliseconds } from "../../primitives/brand.ts";
import { type Appointment, CalendarQueue } from "./queue.ts";

export type Action = () => void;
export type Alarm = Appointment<Action>;

export class Clock {
  readonly #queue = new CalendarQueue<Action>();
  readonly start: Milliseconds;
  #elapsedMs = 0;

  /** @param start what the clock shows at first. */
  constructor(start: Milliseconds) {
    this.start = start;
  }

  get now(): Milliseconds {
    return (this.start + this.#elapsedMs) as Milliseconds;
  }

  /** Since the start. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** At a whole millisecond, the next one if need be. */
  after(delayMs: number, action: Action): Alarm {
    return this.#queue.add(Math.ceil(this.#elapsedMs + Math.max(delayMs, 0)), action);
  }

  cancel(alarm: Alarm): void {
    this.#queue.cancel(alarm);
  }

  /** Runs the next event; false if there is none, or none within `limitMs` of the start. */
  step(limitMs = Infinity): boolean {
    const next = this.#queue.peek();
    if (next === undefined || next.time > limitMs) return false;
    this.#queue.take();
    this.#elapsedMs = next.time;
    next.item();
    return true;
  }

  /** Runs every event that is due within a duration, and then stands at its end. */
  pass(durationMs: number): void {
    const limitMs = this.#elapsedMs + durationMs;
    while (this.step(limitMs));
    this.#elapsedMs = limitMs;
  }
}
