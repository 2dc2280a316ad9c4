/** The clock that one machine reads: right, set wrong, or running at a wrong rate. */

import type { Milliseconds } from "../../primitives/brand.ts";
import type { Clock } from "./clock.ts";

export class HostClock {
  readonly #clock: Clock;
  #skewMs = 0;
  #rate = 1;
  /** When it began to run at this rate. */
  #rateSinceMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In whole milliseconds. */
  get now(): Milliseconds {
    return (this.#clock.now + this.#skewMs + this.#driftMs) as Milliseconds;
  }

  /** Sets it so much ahead of the world's clock, or behind it if negative. */
  skew(skewMs: number): void {
    this.#skewMs = skewMs;
  }

  /**
   * Lets it run at a rate from now on; what an earlier rate made of it is put right.
   *
   * @param rate above 0: at 1.1 it shows 11 seconds where 10 have passed.
   */
  drift(rate: number): void {
    if (!(rate > 0 && rate < Infinity)) throw new RangeError(`rate must be above 0, got ${rate}`);
    this.#rate = rate;
    this.#rateSinceMs = this.#clock.elapsedMs;
  }

  /** How long the world takes until this clock shows a time; negative if it is past. */
  delayUntil(at: Milliseconds): number {
    return (at - this.now) / this.#rate;
  }

  get #driftMs(): number {
    return Math.floor((this.#clock.elapsedMs - this.#rateSinceMs) * (this.#rate - 1));
  }
}
