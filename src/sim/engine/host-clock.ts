/** The clocks of one machine: one that people set, and one that only counts what has passed. */

import type { Now } from "../../machine/now.ts";
import type { Elapsed, Milliseconds } from "../../primitives/brand.ts";
import type { Clock } from "./clock.ts";

/**
 * Both run at one rate, as one oscillator drives them. Only the wall clock can be set; the other one
 * begins anew with each life of the machine.
 */
export class HostClock {
  readonly #clock: Clock;
  #steppedMs = 0;
  #rate = 1;
  /** When it began to run at this rate, by the world's clock, and what it had counted until then. */
  #rateSinceMs: number;
  #countedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#rateSinceMs = clock.elapsedMs;
  }

  /** Both in whole milliseconds. */
  get now(): Now {
    const ownMs = Math.floor(this.#atRateMs * this.#rate);
    const wrongMs = this.#steppedMs + ownMs - this.#atRateMs;
    return {
      wall: (this.#clock.now + wrongMs) as Milliseconds,
      elapsed: (this.#countedMs + ownMs) as Elapsed,
    };
  }

  /** The machine starts: what has passed is counted from 0. */
  boot(): void {
    this.#countedMs = -Math.floor(this.#atRateMs * this.#rate);
  }

  /** Sets the wall clock forward, or back if negative, from what it shows. */
  step(byMs: number): void {
    this.#steppedMs += byMs;
  }

  /**
   * Lets both clocks run at a rate from now on; what an earlier rate made of the wall clock is put
   * right.
   *
   * @param rate above 0: at 1.1 they show 11 seconds where 10 have passed.
   */
  drift(rate: number): void {
    if (!(rate > 0 && rate < Infinity)) throw new RangeError(`rate must be above 0, got ${rate}`);
    this.#countedMs = this.now.elapsed;
    this.#rate = rate;
    this.#rateSinceMs = this.#clock.elapsedMs;
  }

  /** How long the world takes until so much has passed for the machine; negative if it has. */
  delayUntil(at: Elapsed): number {
    return (at - this.now.elapsed) / this.#rate;
  }

  /** For so long it has run at this rate, by the world's clock. */
  get #atRateMs(): number {
    return this.#clock.elapsedMs - this.#rateSinceMs;
  }
}
