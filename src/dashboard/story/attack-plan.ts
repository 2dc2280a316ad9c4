/** What somebody chooses for the next attack: its limits, and whether it can begin now. */

import type { AttackOptions } from "../../contract/attacks.ts";
import type { Story } from "./story.ts";

/** The choices for all attacks, so that none is lost by looking at another. */
export type AttackPlan = {
  readonly type: AttackOptions["type"];
  /** Of the hash power. */
  readonly share: number;
  readonly confirmations: number;
  readonly giveUpBehind: number;
  readonly premine: 0 | 1;
  readonly blocks: number;
};

export type PlannedNumber = "share" | "confirmations" | "giveUpBehind" | "blocks";

export type Limits = { readonly min: number; readonly max: number; readonly step: number };

/** As the lab has them. Shares end where the lab's curve ends: beyond, there is nothing to see. */
export const planLimits: Readonly<Record<PlannedNumber, Limits>> = {
  share: { min: 0.01, max: 0.6, step: 0.01 },
  confirmations: { min: 1, max: 20, step: 1 },
  giveUpBehind: { min: 1, max: 50, step: 1 },
  blocks: { min: 10, max: 500, step: 10 },
};

/** Succeeds nearly always, within a minute. */
export const guidedPlan: AttackPlan = {
  type: "double-spend",
  share: 0.6,
  confirmations: 2,
  giveUpBehind: 10,
  premine: 0,
  blocks: 60,
};

export type PlannedAttack = AttackOptions & { readonly share: number };

export function optionsOf(plan: AttackPlan): PlannedAttack {
  const { type, share, confirmations, giveUpBehind, premine, blocks } = plan;
  if (type === "selfish-mining") return { type, share, blocks };
  if (type === "eclipse") return { type, share, confirmations };
  return { type, share, confirmations, giveUpBehind, premine };
}

export function encodePlan(plan: AttackPlan): string {
  return JSON.stringify(plan);
}

const types: readonly AttackOptions["type"][] = ["double-spend", "selfish-mining", "eclipse"];

/** Whatever does not fit, or was never chosen, is as in the guided attack. */
export function decodePlan(json: string | null): AttackPlan {
  const values = json === null ? {} : recordIn(json);
  const numberOf = (name: PlannedNumber): number => {
    const { [name]: value } = values;
    const { min, max } = planLimits[name];
    return typeof value === "number" && value >= min && value <= max ? value : guidedPlan[name];
  };
  return {
    type: types.find((type) => type === values["type"]) ?? guidedPlan.type,
    share: numberOf("share"),
    confirmations: numberOf("confirmations"),
    giveUpBehind: numberOf("giveUpBehind"),
    premine: values["premine"] === 1 ? 1 : 0,
    blocks: numberOf("blocks"),
  };
}

function recordIn(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {}; // somebody else wrote it
  }
}

/** Without whom the lab does not begin. */
const casts: Readonly<Record<AttackOptions["type"], readonly string[]>> = {
  "double-spend": ["mallory", "shop", "alice"],
  "selfish-mining": ["mallory", "observer"],
  eclipse: ["mallory", "shop", "alice"],
};

/** Why this attack cannot begin at this moment, as a sentence; null if it can. */
export function obstacleTo(type: AttackOptions["type"], story: Story): string | null {
  if (isUnderWay(story)) return "An attack is under way: wait for its verdict.";
  const missing = casts[type].find((name) => story.node(name)?.state !== "up");
  if (missing === undefined) return null;
  const state = story.node(missing)?.state;
  return state === undefined
    ? `This network has no node named ${missing}, without whom it does not go.`
    : `${missing} is not up, and without ${missing} it does not go: restart that node first.`;
}

export function isUnderWay({ attack }: Pick<Story, "attack">): boolean {
  if (attack === null || attack.verdict !== null) return false;
  return !attack.steps.some(({ step }) => step.type === "broken-off");
}
