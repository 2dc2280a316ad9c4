/** What a leader knows of the other members. */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { type Draft, isMember, type Progress } from "./state.ts";
import type { Turn } from "./turn.ts";

export function newProgress(name: PeerId, next: number, now: Elapsed): Progress {
  return {
    name,
    stored: 0,
    next,
    mode: "probe",
    isWaiting: false,
    heardAt: now,
    round: 0,
    roundSentAt: Number.NEGATIVE_INFINITY,
  };
}

/** A copy to be changed, before it takes the place of the first one. Field by field, as that is fastest. */
export function draftOf(progress: Progress): Draft<Progress> {
  return {
    name: progress.name,
    stored: progress.stored,
    next: progress.next,
    mode: progress.mode,
    isWaiting: progress.isWaiting,
    heardAt: progress.heardAt,
    round: progress.round,
    roundSentAt: progress.roundSentAt,
  };
}

/** Undefined of a process that is no member, and everywhere but at a leader. */
export function progressOf({ state }: Turn, name: PeerId): Progress | undefined {
  if (state.role !== "leader") return undefined;
  return state.progress.find((progress) => progress.name === name);
}

export function update({ state }: Turn, progress: Progress): void {
  state.progress = state.progress.map((old) => (old.name === progress.name ? progress : old));
}

/** A number for each member, with `own` for the leader itself if it is a member. */
export function forEachMember(
  { state }: Turn,
  own: number,
  read: (progress: Progress) => number,
): readonly number[] {
  const numbers = state.progress.map(read);
  if (isMember(state)) numbers.push(own);
  return numbers;
}
