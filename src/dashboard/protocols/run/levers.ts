/** What one may do to a run at a moment: each lever is a line more in its schedule. */

import type { MessageRecord, RunRecord } from "../../simulator/run-record.ts";
import {
  isMessageFault,
  type MessageFault,
  type ScheduledFault,
  unendingMs,
} from "../../simulator/schedule.ts";
import { type Moment, nextChangeMs, stageOf } from "./moment.ts";

export const nodeLevers = ["crash", "restart", "pause", "cut off"] as const;
export type NodeLever = (typeof nodeLevers)[number];

/** How long a pause, a cut and a split last, unless the line is edited. */
export const usualPauseMs = 2_000;
export const usualCutMs = 5_000;
export const usualDelayMs = 500;

/** Strikes as soon as everything has happened that the moment shows. */
export function nodeFault(lever: NodeLever, node: string, moment: Moment): ScheduledFault {
  const atMs = nextChangeMs(moment);
  switch (lever) {
    case "crash":
      return { verb: "crash", node, moment: "at-once", atMs, lastsMs: unendingMs };
    case "restart":
      return { verb: "restart", node, atMs, lastsMs: 0 };
    case "pause":
      return { verb: "pause", node, atMs, lastsMs: usualPauseMs };
    case "cut off":
      return { verb: "isolate", node, atMs, lastsMs: usualCutMs };
  }
}

export function splitFault(group: readonly string[], moment: Moment): ScheduledFault {
  const atMs = nextChangeMs(moment);
  return { verb: "split", groups: [group], atMs, lastsMs: usualCutMs };
}

/** Why a lever cannot be pulled now; undefined if it can. */
export function whyNot(
  lever: NodeLever,
  node: string,
  record: RunRecord,
  moment: Moment,
): string | undefined {
  const health = stageOf(record, node, moment)?.health;
  if (health === "stopped" && (lever === "crash" || lever === "pause")) return `${node} is down`;
  if (health === "paused" && lever === "pause") return `${node} is paused already`;
  return undefined;
}

export function messageFault(
  verb: MessageFault["verb"],
  { from, to, sentMs: atMs, number }: MessageRecord,
): MessageFault {
  return { verb, from, to, number, atMs, byMs: verb === "lose" ? 0 : usualDelayMs };
}

/** In the order of their times; one for the same message takes the place of the one before. */
export function withFault(
  schedule: readonly ScheduledFault[],
  fault: ScheduledFault,
): readonly ScheduledFault[] {
  const isOfSame = (other: ScheduledFault) => {
    if (!isMessageFault(other) || !isMessageFault(fault)) return false;
    const ends = other.from === fault.from && other.to === fault.to;
    return ends && other.atMs === fault.atMs && other.number === fault.number;
  };
  const others = schedule.filter((other) => !isOfSame(other));
  return [...others, fault].sort((a, b) => a.atMs - b.atMs);
}
