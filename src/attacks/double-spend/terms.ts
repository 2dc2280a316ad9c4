/** What can be chosen of a double spend. */

import type { Terms } from "../terms.ts";

export const doubleSpendTerms = {
  share: {
    kind: "share",
    label: "mallory's share",
    meaning: "the attacker's part of the hash power; the others get theirs back afterwards",
    min: 0,
    max: 1,
    why: "it is a part of the whole",
    default: 0.6,
    // Above 60 % nearly every attempt succeeds: there is nothing more to see.
    slider: { min: 0.01, max: 0.6, step: 0.01 },
    isOptional: true,
    isInTheory: true,
  },
  confirmations: {
    kind: "count",
    label: "confirmations",
    meaning: "how many the shop waits for before it delivers",
    min: 1,
    max: 20,
    why: "a live race ends after 90 seconds, and each block takes some of them",
    default: 2,
    theoryMax: 200,
    isInTheory: true,
  },
  giveUpBehind: {
    kind: "count",
    label: "gives up",
    meaning: "the attacker stops when she is so many blocks behind",
    flag: "give-up",
    min: 1,
    max: 50,
    why: "a live race ends after 90 seconds, long before she could be further behind",
    default: 6,
    theoryMax: 200,
    isInTheory: true,
  },
  premine: {
    kind: "zero-or-one",
    label: "one block ahead",
    meaning: "secret blocks to have before the payment is made, 0 or 1",
    default: 0,
    isInTheory: true,
  },
} as const satisfies Terms;
