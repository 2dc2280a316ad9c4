/** What can be chosen of an eclipse. */

import type { Terms } from "../terms.ts";

export const eclipseTerms = {
  share: {
    kind: "share",
    label: "mallory's share",
    meaning: "the attacker's part of the hash power; the others get theirs back afterwards",
    min: 0,
    max: 1,
    why: "it is a part of the whole",
    // So little that her branch hardly ever becomes everybody's.
    default: 0.2,
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
    why: "the shop is deceived for 180 seconds at most, and she mines alone",
    default: 2,
    theoryMax: 200,
    isInTheory: true,
  },
} as const satisfies Terms;
