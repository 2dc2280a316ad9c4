/** The events that are marked on the timeline, each with a sentence. */

import type { AttackStep } from "../../contract/attacks.ts";
import type { LabEvent } from "../../contract/timeline.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { eventLine } from "./event-line.ts";
import type { Story } from "./story.ts";

export type Pill = {
  readonly at: Milliseconds;
  readonly type: "fork" | "reorganisation" | "partition" | "attack" | "delivery" | "fault";
  /** One sentence. */
  readonly label: string;
};

/** @returns null for an event that is nothing unusual. */
export function pillOf(event: LabEvent, story: Story): Pill | null {
  const type = pillType(event, story);
  if (type === null) return null;
  const label = eventLine(event, story)?.text ?? type;
  return { at: event.at, type, label };
}

function pillType(event: LabEvent, story: Story): Pill["type"] | null {
  switch (event.type) {
    case "fork":
      return "fork";
    case "reorganised":
      return "reorganisation";
    case "partitioned":
    case "healed":
    case "link":
      return "partition";
    case "attack":
      return typeOfStep(event.step);
    case "verdict":
      return "attack";
    case "node-down":
    case "node-failed":
    case "miners-rest":
    case "miners-resume":
      return "fault";
    case "node-up":
      return story.isStarted ? "fault" : null; // before that, all nodes are starting
    case "opening":
    case "started":
    case "news":
    case "measured":
    case "block":
    case "payment":
    case "payment-failed":
    case "shares":
    case "summary":
      return null;
    default:
      return unreachable(event);
  }
}

function typeOfStep(step: AttackStep): Pill["type"] | null {
  switch (step.type) {
    case "delivered":
      return "delivery";
    case "scene":
    case "paid":
    case "published":
    case "given-up":
    case "mended":
    case "out-of-time":
    case "broken-off":
      return "attack";
    case "shop":
    case "race":
    case "tally":
      return null;
    default:
      return unreachable(step);
  }
}
