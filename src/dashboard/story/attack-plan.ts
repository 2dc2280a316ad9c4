/** What the user chooses for the next attack, and whether it can begin now. */

import {
  type AttackName,
  attackNamed,
  attackNames,
  attacks,
  type PlannedAttack,
} from "../../attacks/catalogue.ts";
import {
  allows,
  type DefaultsOf,
  defaultsOf,
  type SliderRange,
  type Term,
  type Terms,
} from "../../attacks/record/terms.ts";
import type { Story } from "./story.ts";

type Values = { readonly [Name in AttackName]: DefaultsOf<(typeof attacks)[Name]["terms"]> };

/** The choices for all attacks, so that none is lost by looking at another. */
export type AttackPlan = { readonly type: AttackName; readonly values: Values };

/** Succeeds nearly always, within a minute. */
export const guidedPlan: AttackPlan = {
  type: "double-spend",
  values: valuesBy((name) => defaultsOf<Terms>(attacks[name].terms)),
};

/** What an attack of this plan is. */
export function attackIn({ type, values }: AttackPlan): PlannedAttack {
  return { type, ...values[type] } as PlannedAttack; // the values are of that type
}

/** A plan with one choice changed; without it if the value is undefined. */
export function withChoice(plan: AttackPlan, name: string, value: unknown): AttackPlan {
  const { type, values } = plan;
  const changed = Object.entries({ ...values[type], [name]: value });
  const chosen = changed.filter(([, each]) => each !== undefined);
  return { type, values: { ...values, [type]: Object.fromEntries(chosen) } };
}

/** What a slider offers of a number. */
export function rangeOf(term: Extract<Term, { readonly min: number }>): SliderRange {
  return term.slider ?? { min: term.min, max: term.max, step: 1 };
}

export function encodePlan(plan: AttackPlan): string {
  return JSON.stringify(plan);
}

/** Whatever does not fit, or was never chosen, is as in the guided attack. */
export function decodePlan(json: string | null): AttackPlan {
  const { type, values } = recordIn(json);
  const chosen = recordOf(values);
  return {
    type: attackNames.find((name) => name === type) ?? guidedPlan.type,
    values: valuesBy((name) => {
      const terms: readonly (readonly [string, Term])[] = Object.entries(attackNamed(name).terms);
      const given = recordOf(chosen[name]);
      const fitting = terms.filter(([name, term]) => isOffered(term, given[name]));
      const kept = fitting.map(([name]) => [name, given[name]] as const);
      return { ...defaultsOf<Terms>(attackNamed(name).terms), ...Object.fromEntries(kept) };
    }),
  };
}

function isOffered(term: Term, value: unknown): boolean {
  if (!allows(term, value)) return false;
  if (term.kind !== "share" && term.kind !== "count") return true;
  const { min, max } = rangeOf(term);
  return Number(value) >= min && Number(value) <= max;
}

function valuesBy(valuesOf: (name: AttackName) => object): Values {
  const entries = attackNames.map((name) => [name, valuesOf(name)] as const);
  return Object.fromEntries(entries) as unknown as Values; // each has those of its own terms
}

function recordIn(json: string | null): Readonly<Record<string, unknown>> {
  if (json === null) return {};
  try {
    return recordOf(JSON.parse(json));
  } catch {
    return {}; // it was written elsewhere
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Why this attack cannot begin at this moment, as a sentence; null if it can. */
export function reasonAgainstAttack(type: AttackName, story: Story): string | null {
  if (isUnderWay(story)) return "An attack is under way: wait for its verdict.";
  const { participants } = attackNamed(type);
  const missing = participants.find((name) => story.node(name)?.state !== "up");
  if (missing === undefined) return null;
  const state = story.node(missing)?.state;
  return state === undefined
    ? `This network has no node named ${missing}, which this attack needs.`
    : `${missing} is not up, and this attack needs it: restart that node first.`;
}

export function isUnderWay({ attack }: Pick<Story, "attack">): boolean {
  if (attack === null || attack.verdict !== null) return false;
  return !attack.steps.some(({ step }) => step.type === "broken-off");
}
