/** The schedule that all protocols stand: its phases, and what goes wrong in each. */

import { commonVerbs, type Fault, hasEnd } from "../engine/faults.ts";
import type { CapFault } from "./cap-fault.ts";

/** A stretch of time in which the same faults are on; none in a whole one. */
export type Phase = {
  /** A, B, C and so on; A is the whole network before the first fault. */
  readonly letter: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly faults: readonly CapFault[];
};

export type ScheduleTimes = {
  /** Of each phase but that in which a node is down. */
  readonly phaseMs: number;
  readonly downMs: number;
  /** The whole time between two phases. */
  readonly wholeMs: number;
};

export const usualScheduleTimes: ScheduleTimes = {
  phaseMs: 30_000,
  downMs: 20_000,
  wholeMs: 30_000,
};

/**
 * The leader and one more cut off, nearly half against the rest, the leader down, three parts, and
 * the last node lies; the whole network before them, and between two of them.
 *
 * @param names of the nodes, at least four; with n1 to n7 it is the file config/faults/cap.json.
 */
export function usualSchedule(
  names: readonly string[],
  { phaseMs, downMs, wholeMs }: ScheduleTimes,
): readonly CapFault[] {
  const half = Math.floor(names.length / 2);
  const third = Math.floor((names.length - 1) / 2);
  const last = names.slice(-1);
  const halves = [names.slice(0, half), names.slice(half)];
  const thirds = [names.slice(0, third), names.slice(third, -1), last];
  const whats: readonly ((atMs: number) => CapFault)[] = [
    (atMs) => split(atMs, phaseMs, [["@leader", "@follower"]]),
    (atMs) => split(atMs, phaseMs, halves),
    (atMs) => ({ verb: "crash", node: "@leader", moment: "at-once", atMs, lastsMs: downMs }),
    (atMs) => split(atMs, phaseMs, thirds),
    (atMs) => ({ verb: "lie", node: last[0] ?? "", atMs, lastsMs: phaseMs }),
  ];
  const faults: CapFault[] = [];
  for (const faultAt of whats) {
    const before = faults.at(-1);
    faults.push(faultAt(before === undefined ? phaseMs : before.atMs + before.lastsMs + wholeMs));
  }
  return faults;
}

function split(atMs: number, lastsMs: number, groups: readonly (readonly string[])[]): Fault {
  return { verb: "split", groups, atMs, lastsMs };
}

/** After A each stretch in which at least one fault is on; the whole ones between are left out. */
export function phasesOf(faults: readonly CapFault[], endMs: number): readonly Phase[] {
  const lasting = faults.filter((fault) => lasts(fault) && fault.lastsMs > 0);
  const ends = lasting.flatMap(({ atMs, lastsMs }) => [atMs, Math.min(atMs + lastsMs, endMs)]);
  const borders = [...new Set([0, ...ends])].filter((at) => at < endMs).sort((a, b) => a - b);
  const stretches = borders.map((fromMs, at) => {
    const on = lasting.filter(({ atMs, lastsMs }) => atMs <= fromMs && fromMs < atMs + lastsMs);
    return { fromMs, toMs: borders[at + 1] ?? endMs, faults: on };
  });
  const shown = stretches.filter(({ fromMs, faults: on }) => fromMs === 0 || on.length > 0);
  return shown.map((stretch, at) => ({ letter: letterOf(at), ...stretch }));
}

/** True if it goes on until its time is over; a lie does. */
function lasts({ verb }: CapFault): boolean {
  return verb === "lie" || (commonVerbs.includes(verb) && hasEnd(verb));
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function letterOf(at: number): string {
  return letters[at] ?? `P${at + 1}`;
}

/** When the last fault is over. */
export function endOf(faults: readonly CapFault[]): number {
  return Math.max(0, ...faults.map(({ atMs, lastsMs }) => atMs + lastsMs));
}
