/** All attacks that a live network can be put to; what else there is of them is derived from here. */

import { doubleSpend } from "./double-spend/double-spend.ts";
import { eclipse } from "./eclipse/eclipse.ts";
import type { Attack } from "./record/attack.ts";
import type { TheoryValuesOf, ValuesOf } from "./record/terms.ts";
import { selfishMining } from "./selfish-mining/selfish-mining.ts";

/** In the order in which people are offered them. */
export const attacks = {
  "double-spend": doubleSpend,
  "selfish-mining": selfishMining,
  eclipse,
} as const satisfies Readonly<Record<string, Attack>>;

export type AttackName = keyof typeof attacks;

type Attacks = typeof attacks;
type TermsOf<Name extends AttackName> = Attacks[Name]["terms"];
type WordsOf<Name extends AttackName> = Attacks[Name]["words"];

/** What is chosen of one; its share stays as it is if that is left out. */
export type OptionsOf<Name extends AttackName> = { readonly type: Name } & ValuesOf<TermsOf<Name>>;
export type AttackOptions = { [Name in AttackName]: OptionsOf<Name> }[AttackName];

/** With everything that theory needs. */
export type PlannedAttack = AttackOptions & { readonly share: number };

/** What theory is asked about one. */
export type QuestionOf<Name extends AttackName> = {
  readonly type: Name;
} & TheoryValuesOf<TermsOf<Name>>;
export type TheoryQuestion = { [Name in AttackName]: QuestionOf<Name> }[AttackName];

export type SceneOf<Name extends AttackName> = Parameters<WordsOf<Name>["setup"]>[0];
export type AttackScene = { [Name in AttackName]: SceneOf<Name> }[AttackName];

export type VerdictOf<Name extends AttackName> = Parameters<WordsOf<Name>["verdict"]>[0];
export type AttackVerdict = { [Name in AttackName]: VerdictOf<Name> }[AttackName];

export const attackNames = Object.keys(attacks) as readonly AttackName[];

/** For those who treat all alike; what they give it must be of the same attack. */
export function attackNamed(name: AttackName): Attack {
  return attacks[name];
}
