/** How long a peer is waited for, and how often in a row that was in vain. */

import type { Elapsed } from "../primitives/brand.ts";
import { limits } from "./limits.ts";

export class Patience {
  readonly #failuresMax: number;
  #timeoutMs: number = limits.responseTimeoutMinMs;
  #failures = 0;

  constructor(failuresMax: number) {
    this.#failuresMax = failuresMax;
  }

  /** In a row. */
  get failures(): number {
    return this.#failures;
  }

  deadlineFrom(now: Elapsed): Elapsed {
    return (now + this.#timeoutMs) as Elapsed;
  }

  answered(): void {
    this.#failures = 0;
    this.#timeoutMs = limits.responseTimeoutMinMs;
  }

  /** True if that was one too many. */
  failed(): boolean {
    this.#failures += 1;
    this.#timeoutMs = Math.min(this.#timeoutMs * 2, limits.responseTimeoutMaxMs);
    return this.#failures >= this.#failuresMax;
  }
}
