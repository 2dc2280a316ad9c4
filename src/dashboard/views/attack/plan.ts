/** The next attack as it is set up, and what trials came to: both outlive the tab that shows them. */

import { effect, signal } from "@preact/signals";
import type { AttackName } from "../../../attacks/catalogue.ts";
import { recall, remember } from "../../state/memory.ts";
import { decodePlan, encodePlan, withChoice } from "../../story/attack-plan.ts";
import type { Estimate } from "../../story/trial-text.ts";

/** Remembered for the next visit. */
export const plan = signal(decodePlan(recall("attack")));
effect(() => remember("attack", encodePlan(plan.value)));

export function chooseAttack(type: AttackName): void {
  plan.value = { ...plan.value, type };
}

/** Of the attack that is chosen. */
export function choose(name: string, value: unknown): void {
  plan.value = withChoice(plan.value, name, value);
}

/** So many are kept; the oldest are dropped first. */
const estimatesMax = 100;

/** The newest last. */
export const estimates = signal<readonly Estimate[]>([]);

export function keepEstimate(estimate: Estimate): void {
  estimates.value = [...estimates.value, estimate].slice(-estimatesMax);
}
