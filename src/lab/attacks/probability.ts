/** What theory expects of an attack that has not begun. */

import type { TheoryQuestion } from "../../attacks/catalogue.ts";
import { expectationOf, expectedCurve } from "../../attacks/expectation.ts";
import type { ProbabilityJson } from "../../contract/attacks.ts";

/** The attacker's prospects at this share, and at all others. */
export function probabilityOf(question: TheoryQuestion): ProbabilityJson {
  const { type: attack, share } = question;
  const expectation = expectationOf(question);
  if (expectation === null) throw new Error(`theory says nothing of ${attack}`);
  const { value, source } = expectation;
  return { attack, share, value, curve: expectedCurve(question), source };
}
