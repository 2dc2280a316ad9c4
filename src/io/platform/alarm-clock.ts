/** One timer for many times at which its owner wants to be woken. */

import type { Elapsed } from "../../primitives/brand.ts";

/** The longest that `setTimeout` can wait; above, it would not wait at all. */
const timerMaxMs = 2 ** 31 - 1;

/**
 * Rings when so much has passed since the process began, never before. While an earlier time is open, a later one is
 * dropped: after the earlier ring the owner can set it anew.
 */
export class AlarmClock {
  readonly #ring: () => void;
  /** The latest first. */
  readonly #times: Elapsed[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  set(at: Elapsed): void {
    const earliest = this.#times.at(-1);
    if (earliest !== undefined && earliest <= at) return;
    this.#times.push(at);
    this.#wait();
  }

  /** Clears all times. */
  stop(): void {
    this.#times.length = 0;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const earliest = this.#times.at(-1);
    if (earliest === undefined) return;
    const delayMs = Math.min(Math.max(0, earliest - performance.now()), timerMaxMs);
    this.#timer = setTimeout(() => this.#check(), delayMs);
  }

  /** A timer counts whole milliseconds, and may be a fraction of one early. */
  #check(): void {
    const earliest = this.#times.at(-1);
    const isDue = earliest !== undefined && earliest <= performance.now();
    if (isDue) this.#times.pop();
    this.#wait();
    if (isDue) this.#ring();
  }
}
