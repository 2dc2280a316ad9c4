/** The acts of an attack: what comes one after the other, and how far it has come. */

import type { AttackStep } from "../../contract/attacks.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { attackStanding, firstAt } from "./attack-standing.ts";
import type { StoryAttack } from "./story.ts";

export type ActName = "scene" | "payment" | "race" | "shop" | "delivery" | "ending" | "verdict";

export type Act = {
  readonly name: ActName;
  /** `missed`: the attack ended without it. */
  readonly state: "waiting" | "now" | "done" | "missed";
  /** When it began; null if it has not. */
  readonly at: Milliseconds | null;
};

type Draft = {
  readonly name: ActName;
  readonly beginsWith: readonly AttackStep["type"][];
  /** Goes on until one of these is told; over at once if there are none. */
  readonly endsWith?: readonly AttackStep["type"][];
};

const endings: readonly AttackStep["type"][] = ["published", "given-up", "mended", "out-of-time"];

/** Of a payment that is to be taken back, by a double spend or in an eclipse. */
const theft: readonly Draft[] = [
  { name: "scene", beginsWith: ["scene"], endsWith: ["paid"] },
  { name: "payment", beginsWith: ["paid"] },
  { name: "race", beginsWith: ["paid"], endsWith: endings },
  { name: "shop", beginsWith: ["shop"], endsWith: endings },
  { name: "delivery", beginsWith: ["delivered"] },
  { name: "ending", beginsWith: endings },
];

/** In selfish mining there is no shop, and it publishes as often as it is caught up with. */
const selfishMining: readonly Draft[] = [
  { name: "scene", beginsWith: ["scene"], endsWith: ["race", "tally"] },
  { name: "race", beginsWith: ["race", "tally"], endsWith: ["out-of-time"] },
];

/** In their order; none if the story does not know how the attack began. */
export function actsOf(attack: StoryAttack): readonly Act[] {
  const standing = attackStanding(attack);
  if (standing === null) return [];
  const isOver = standing.verdict !== null || standing.brokenOff !== null;
  const isSelfish = standing.scene.attack === "selfish-mining";
  const acts = (isSelfish ? selfishMining : theft).map((draft) => actOf(draft, attack, isOver));
  const isJudging = standing.ending !== null;
  const verdict: Act = {
    name: "verdict",
    state: standing.verdict !== null ? "done" : isOver ? "missed" : isJudging ? "now" : "waiting",
    at: null,
  };
  return [...acts, verdict];
}

function actOf(
  { name, beginsWith, endsWith = [] }: Draft,
  { steps }: StoryAttack,
  isOver: boolean,
) {
  const at = firstAt(steps, beginsWith);
  if (at === null) return { name, at, state: isOver ? "missed" : "waiting" } as const;
  const hasEnded = isOver || endsWith.length === 0 || firstAt(steps, endsWith) !== null;
  return { name, at, state: hasEnded ? "done" : "now" } as const;
}
