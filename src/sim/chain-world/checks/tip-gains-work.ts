/** The first body wins among equals: a tip moves to more work, never to as much and never to less. */

import type { TreeEntry } from "../../../chain/tree.ts";
import type { ChainStepCheck, Subject } from "./check.ts";

export class TipGainsWork implements ChainStepCheck {
  readonly name = "the tip only gains work";
  readonly everySteps = 1;
  /** The tip of each chain when it was last looked at; a node that starts again has a new chain. */
  readonly #lastTip = new WeakMap<Subject["chain"], TreeEntry>();

  findViolation({ chain }: Subject): string | undefined {
    const { tip } = chain;
    const last = this.#lastTip.get(chain);
    this.#lastTip.set(chain, tip);
    if (last === undefined || last === tip || last.work < tip.work) return undefined;
    return `the tip moved from ${last.hash} to ${tip.hash}, which has no more work`;
  }
}
