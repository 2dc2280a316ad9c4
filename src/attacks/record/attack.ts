/** An attack as one record: who it needs, what can be chosen, what theory expects, and its words. */

import type { ClosedForm, SomeTheory } from "./closed-form.ts";
import type { CourseStep, StepType } from "./step.ts";
import type { Terms } from "./terms.ts";

/** For code that does not know which attack it is; the catalogue knows all of them. */
export type Attack = {
  readonly terms: Terms;
  /** Without these nodes there is no such attack. */
  readonly participants: readonly string[];
  readonly course: Course;
  readonly theory: ClosedForm<{ readonly share: number }, SomeTheory>;
  readonly words: AttackWords<SomeValues, SomeTheory, SomeScene, SomeVerdict>;
};

type SomeValues = { readonly share: number };
type SomeScene = { readonly type: "scene"; readonly attack: string; readonly share: number };
type SomeVerdict = { readonly type: "verdict"; readonly attack: string; readonly share: number };

/** What comes one after the other. */
export type Course = {
  readonly phases: readonly Phase[];
  /** On which branch the confirmations stand that the shop waits for. */
  readonly shopCounts: "public" | "secret" | "nothing";
  /** One race comes after the other, so publishing a branch ends nothing. */
  readonly isRepeated: boolean;
};

export type PhaseName = "setup" | "payment" | "race" | "shop" | "delivery" | "ending";

export type Phase = {
  readonly name: PhaseName;
  /** As a heading; that of an ending holds until it is known which one it is. */
  readonly title: string;
  readonly beginsWith: readonly StepType[];
  /** Goes on until one of these steps; over at once if there are none. */
  readonly endsWith?: readonly StepType[];
  /** Only the attacker can know of it. */
  readonly isSecret?: true;
};

/** Its words, for a terminal and a page alike. Methods, for the same reason as in a closed form. */
export interface AttackWords<Values, Theory, SceneOfIt, Verdict> {
  /** As a heading. */
  readonly title: string;
  /** What it does, without a subject or a full stop. */
  readonly sentence: string;
  /** On the button that begins it. */
  readonly begin: string;
  /** Flags of `powlab attack`, each line an example that is worth trying. */
  readonly examples: readonly string[];
  /** More to know before one begins, for the help of the command. */
  readonly explanation: string;
  /** How it begins: clauses that follow each other. */
  setup(scene: SceneOfIt): readonly string[];
  /** What theory's figure is, as the words behind it. */
  theory(theory: Theory, values: Values): string;
  /** How it ended. */
  verdict(verdict: Verdict, attacker: string): VerdictWords;
}

export type VerdictWords = {
  readonly headline: string;
  /** Which side won. */
  readonly winner: "attacker" | "honest" | "neither";
  readonly facts: readonly string[];
  /** What every node obeyed the rules for. */
  readonly lesson: string;
  /** Empty where nothing changed hands. */
  readonly balances: readonly Balance[];
};

/** What a participant gained or lost by it, compared with an honest sale. */
export type Balance = {
  readonly name: string;
  /** In satoshis. */
  readonly change: number;
  readonly words: string;
};

export const endings = [
  "published",
  "given-up",
  "mended",
  "out-of-time",
] as const satisfies readonly CourseStep["type"][];
