/** What can be chosen of selfish mining. */

import { attackerShare } from "../record/common-terms.ts";
import type { Terms, ValueOf } from "../record/terms.ts";

export const selfishMiningTerms = {
  share: attackerShare(0.4),
  blocks: {
    kind: "count",
    label: "blocks",
    meaning: "how many all miners find before the attack is judged",
    min: 1,
    max: 500,
    why: "each block makes several steps, and each watching page is sent all of them each time",
    default: 60,
    slider: { min: 10, max: 500, step: 10 },
  },
  stubborn: {
    kind: "group",
    label: "stubborn",
    meaning: "where the attacker goes on although Eyal and Sirer's miner would stop",
    isOptional: true,
    members: {
      lead: {
        kind: "yes-or-no",
        label: "lead",
        meaning: "with her lead down to one she still publishes just enough for a tie",
      },
      equalFork: {
        kind: "yes-or-no",
        label: "equal fork",
        meaning: "having found the block that decides a tie, she keeps it secret",
      },
      trail: {
        kind: "count",
        label: "trail",
        meaning: "she goes on with her own branch while it is so many blocks behind",
        min: 0,
        max: 100,
        why: "a branch that far behind does not catch up",
        default: 0,
        slider: { min: 0, max: 5, step: 1 },
      },
    },
  },
} as const satisfies Terms;

/** Eyal and Sirer's miner does nothing of this. */
export type Stubbornness = ValueOf<(typeof selfishMiningTerms)["stubborn"]>;
