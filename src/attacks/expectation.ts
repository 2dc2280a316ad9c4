/**
 * What theory expects of an attack: before it begins, and as its scene or its verdict reports it.
 */

import { probabilityText } from "../primitives/figures.ts";
import {
  attackNamed,
  type AttackScene,
  type AttackVerdict,
  type PlannedAttack,
  type TheoryQuestion,
} from "./catalogue.ts";
import { type Curve, curveOf } from "./record/closed-form.ts";

export type Expectation = {
  /** What theory says of this share. */
  readonly value: number;
  /** What the value is, as the words behind it. */
  readonly words: string;
  readonly source: string;
};

/** Null if no closed form is known for these terms. */
export function expectationOf(attack: PlannedAttack | TheoryQuestion): Expectation | null {
  const { theory: form, words } = attackNamed(attack.type);
  const theory = form.of(attack);
  if (theory === null) return null;
  const value = form.figureOf(theory);
  return { value, words: words.theory(theory, attack), source: theory.source };
}

/** The same for all shares. */
export function expectedCurve(attack: PlannedAttack | TheoryQuestion): Curve {
  return curveOf(attackNamed(attack.type).theory, attack);
}

/** As it was reported, so that it is the same in a recording. */
export function expectationIn(scene: AttackScene | AttackVerdict): Expectation | null {
  const { attack, theory } = scene;
  if (theory === null) return null;
  const { theory: form, words } = attackNamed(attack);
  return {
    value: form.figureOf(theory),
    words: words.theory(theory, scene),
    source: theory.source,
  };
}

/** Such as "95.6 % that she succeeds". */
export function expectationWords(expectation: Expectation | null): string {
  if (expectation === null) return "no closed form is known for these terms";
  return `${probabilityText(expectation.value)} ${expectation.words}`;
}
