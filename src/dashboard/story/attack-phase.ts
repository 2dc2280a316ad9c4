/** The phases of an attack: what comes one after the other, and how far it has come. */

import { attackNamed } from "../../attacks/catalogue.ts";
import type { Phase, PhaseName } from "../../attacks/record/attack.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { attackStanding, firstAt } from "./attack-standing.ts";
import type { StoryAttack } from "./story.ts";

export type ShownPhase = {
  readonly name: PhaseName | "verdict";
  readonly title: string;
  /** `missed`: the attack ended without it. */
  readonly state: "waiting" | "now" | "done" | "missed";
  /** When it began; null if it has not. */
  readonly at: Milliseconds | null;
  /** Only the attacker can know of it. */
  readonly isSecret: boolean;
};

/** In their order; none if the story does not know how the attack began. */
export function phasesOf(attack: StoryAttack): readonly ShownPhase[] {
  const standing = attackStanding(attack);
  if (standing === null) return [];
  const isOver = standing.verdict !== null || standing.brokenOff !== null;
  const { course } = attackNamed(standing.scene.attack);
  const phases = course.phases.map((phase) => shownPhase(phase, attack, isOver));
  const isJudging = standing.ending !== null;
  const verdict: ShownPhase = {
    name: "verdict",
    title: "The verdict",
    state: standing.verdict !== null ? "done" : isOver ? "missed" : isJudging ? "now" : "waiting",
    at: null,
    isSecret: false,
  };
  return [...phases, verdict];
}

function shownPhase(phase: Phase, { steps }: StoryAttack, isOver: boolean): ShownPhase {
  const { name, title, beginsWith, endsWith = [], isSecret = false } = phase;
  const at = firstAt(steps, beginsWith);
  const shown = { name, title, at, isSecret };
  if (at === null) return { ...shown, state: isOver ? "missed" : "waiting" };
  const hasEnded = isOver || endsWith.length === 0 || firstAt(steps, endsWith) !== null;
  return { ...shown, state: hasEnded ? "done" : "now" };
}
