/** Selfish mining: keep found blocks back, so that others waste their work on a branch that loses. */

import type { Attack } from "../record/attack.ts";
import { attackerName, observerName } from "../record/participants.ts";
import { selfishMiningTerms } from "./terms.ts";
import { selfishMiningTheory } from "./theory.ts";
import { selfishMiningWords } from "./words.ts";

export const selfishMining = {
  terms: selfishMiningTerms,
  participants: [attackerName, observerName],
  course: {
    phases: [
      {
        name: "setup",
        title: "The set-up",
        beginsWith: ["scene"],
        endsWith: ["race", "tally"],
        isSecret: true,
      },
      {
        name: "race",
        title: "Found and kept secret",
        beginsWith: ["race", "tally"],
        endsWith: ["out-of-time"],
        isSecret: true,
      },
    ],
    shopCounts: "nothing",
    isRepeated: true,
  },
  theory: selfishMiningTheory,
  words: selfishMiningWords,
} as const satisfies Attack;
