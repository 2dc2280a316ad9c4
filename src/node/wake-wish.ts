/** When a node wants to be woken: it asks only if that is earlier than what it has asked for. */

import type { Wake } from "../machine/machine.ts";
import type { Elapsed } from "../primitives/brand.ts";

export class WakeWish {
  /** The earliest `woken` that was asked for and has not come. */
  #at: Elapsed | undefined;

  /** So much has passed: what was asked for until then is over. */
  pass(elapsed: Elapsed): void {
    if (this.#at !== undefined && this.#at <= elapsed) this.#at = undefined;
  }

  /** What to ask for if it should be woken at the earliest of these times; none if that is open. */
  ask(times: readonly (Elapsed | undefined)[]): readonly Wake[] {
    const at = Math.min(...times.filter((time) => time !== undefined)) as Elapsed;
    if (at === Infinity || (this.#at !== undefined && this.#at <= at)) return [];
    this.#at = at;
    return [{ type: "wake", at }];
  }
}
