/** What can be chosen of a double spend. */

import { attackerShare, shopConfirmations } from "../record/common-terms.ts";
import type { Terms } from "../record/terms.ts";

export const doubleSpendTerms = {
  share: attackerShare(0.6),
  confirmations: shopConfirmations("a live race ends after 90 seconds, and each block takes some"),
  giveUpBehind: {
    kind: "count",
    label: "gives up",
    meaning: "the attacker stops when she is so many blocks behind",
    flag: "give-up",
    min: 1,
    max: 50,
    why: "a live race ends after 90 seconds, before she could be further behind",
    default: 6,
    theoryMax: 200,
    isInTheory: true,
  },
  premine: {
    kind: "zero-or-one",
    label: "one block ahead",
    meaning: "the attacker pays only when she has a secret block",
    default: 0,
    isInTheory: true,
  },
} as const satisfies Terms;
