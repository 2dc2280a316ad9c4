/** The double spend: take a payment back by a secret branch that pays someone else. */

import type { Attack } from "../record/attack.ts";
import { attackerName, payeeEntryName, shopName } from "../record/participants.ts";
import { reversalPhases } from "../record/reversal.ts";
import { doubleSpendTerms } from "./terms.ts";
import { doubleSpendTheory } from "./theory.ts";
import { doubleSpendWords } from "./words.ts";

export const doubleSpend = {
  terms: doubleSpendTerms,
  participants: [attackerName, shopName, payeeEntryName],
  course: {
    phases: reversalPhases("Published, or given up"),
    shopCounts: "public",
    isRepeated: false,
  },
  theory: doubleSpendTheory,
  words: doubleSpendWords,
} as const satisfies Attack;
