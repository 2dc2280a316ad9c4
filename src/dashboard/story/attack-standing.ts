/** An attack as it stands at a moment: the last step of each kind. */

import { attackNamed } from "../../attacks/catalogue.ts";
import type { AttackStep } from "../../contract/attacks.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import type { StoryAttack } from "./story.ts";

export type StepOf<Type extends AttackStep["type"]> = Extract<AttackStep, { readonly type: Type }>;

export type Ending = StepOf<"published" | "given-up" | "mended" | "out-of-time">;

/** What has not happened yet is null. */
export type AttackStanding = {
  readonly scene: StepOf<"scene">;
  readonly paid: StepOf<"paid"> | null;
  readonly race: StepOf<"race"> | null;
  readonly seen: StepOf<"shop">["seen"] | null;
  readonly delivered: StepOf<"delivered"> | null;
  /** Where races are repeated, publishing again and again is no ending. */
  readonly ending: Ending | null;
  readonly tally: StepOf<"tally"> | null;
  readonly brokenOff: StepOf<"broken-off"> | null;
  readonly verdict: StoryAttack["verdict"];
};

/** Null if the story does not know how the attack began. */
export function attackStanding({ steps, verdict }: StoryAttack): AttackStanding | null {
  const scene = lastOf(steps, "scene");
  if (scene === null) return null;
  const { isRepeated } = attackNamed(scene.attack).course;
  const ending =
    (isRepeated ? null : (lastOf(steps, "published") ?? lastOf(steps, "given-up"))) ??
    lastOf(steps, "mended") ??
    lastOf(steps, "out-of-time");
  return {
    scene,
    paid: lastOf(steps, "paid"),
    race: raceAtEnd(ending, verdict) ?? lastOf(steps, "race"),
    seen: lastOf(steps, "shop")?.seen ?? null,
    delivered: lastOf(steps, "delivered"),
    ending,
    tally: lastOf(steps, "tally"),
    brokenOff: lastOf(steps, "broken-off"),
    verdict,
  };
}

/** The last block of the race and its end are reported as one; a verdict counts once more. */
function raceAtEnd(ending: Ending | null, verdict: StoryAttack["verdict"]): StepOf<"race"> | null {
  if (ending === null || ending.type === "out-of-time") return null;
  const isCounted = verdict !== null && "secretBlocks" in verdict;
  const { secretBlocks, publicBlocks } = isCounted ? verdict : ending;
  return { type: "race", secretBlocks, publicBlocks, lead: secretBlocks - publicBlocks };
}

type Steps = StoryAttack["steps"];

export function lastOf<Type extends AttackStep["type"]>(
  steps: Steps,
  type: Type,
): StepOf<Type> | null {
  const isOfType = (step: AttackStep): step is StepOf<Type> => step.type === type;
  for (const { step } of [...steps].reverse()) if (isOfType(step)) return step;
  return null;
}

/** When it was reported first; null if it was not. */
export function firstAt(steps: Steps, types: readonly AttackStep["type"][]): Milliseconds | null {
  return steps.find(({ step }) => types.includes(step.type))?.at ?? null;
}
