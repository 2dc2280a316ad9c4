/** How an attack ended, in lines for a terminal. */

import type { AttackVerdict } from "../../attacks/catalogue.ts";
import { expectationIn, expectationWords } from "../../attacks/expectation.ts";
import { attackerName } from "../../attacks/record/participants.ts";
import { verdictWords } from "../../contract/attack-words.ts";

/** The headline first. */
export function verdictLines(verdict: AttackVerdict): readonly string[] {
  const { headline, facts, lesson } = verdictWords(verdict, attackerName);
  const { outcome, timeline } = verdict;
  return [
    `${outcome.toUpperCase()}: ${headline}`,
    ...facts,
    `Theory: ${expectationWords(expectationIn(verdict))}.`,
    `Timeline: ${timeline}`,
    ...(outcome === "undecided" ? [] : [`Every node obeyed the rules: ${lesson}.`]),
  ];
}
