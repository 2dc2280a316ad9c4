/** The lane of a process: pieces of time in which it looks the same. */

import type { RunRecord, Stage } from "../../simulator/run-record.ts";

export type LaneLook = "follows" | "asks" | "leads" | "stopped" | "paused";

export type LanePiece = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly look: LaneLook;
  readonly era: number;
  /** True if the piece before has another era. */
  readonly isNewEra: boolean;
};

/** Roles in which a process wants to lead, or to have a value decided. */
const askingRoles: readonly string[] = [
  ...["pre-candidate", "candidate", "proposer", "between views"],
];

export function lookOf({ health, view }: Pick<Stage, "health" | "view">): LaneLook {
  if (health !== "running") return health;
  if (view.isLeader) return "leads";
  return askingRoles.includes(view.role) ? "asks" : "follows";
}

/** In the order of time, without gaps; the last ends with the run. */
export function lanePieces({ stages, endMs }: RunRecord, name: string): readonly LanePiece[] {
  const pieces: LanePiece[] = [];
  for (const stage of stages[name] ?? []) {
    const { atMs: fromMs, view } = stage;
    const [look, { era }] = [lookOf(stage), view];
    const last = pieces.at(-1);
    if (last?.look === look && last.era === era) continue;
    if (last !== undefined) pieces[pieces.length - 1] = { ...last, toMs: fromMs };
    pieces.push({ fromMs, toMs: endMs, look, era, isNewEra: last?.era !== era });
  }
  return pieces.filter(({ fromMs, toMs, isNewEra }) => toMs > fromMs || isNewEra);
}

/** Which of the five colours of eras it has. */
export function eraColour(era: number): number {
  return ((era % 5) + 5) % 5;
}
