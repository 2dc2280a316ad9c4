/**
 * The eclipse: leave the shop no peer but the attacker, and pay it on a branch that only these two
 * have. The attacker's node needs no behaviour for that: its links to the others are cut like the
 * shop's, so all that it sends is true as far as it knows.
 */

import type { Attack } from "../record/attack.ts";
import { attackerName, payeeEntryName, shopName } from "../record/participants.ts";
import { reversalPhases } from "../record/reversal.ts";
import { eclipseTerms } from "./terms.ts";
import { deceptionTheory } from "./theory.ts";
import { eclipseWords } from "./words.ts";

export const eclipse = {
  terms: eclipseTerms,
  participants: [attackerName, shopName, payeeEntryName],
  course: {
    phases: reversalPhases("The shop has honest peers again"),
    shopCounts: "secret",
    isRepeated: false,
  },
  theory: deceptionTheory,
  words: eclipseWords,
} as const satisfies Attack;
