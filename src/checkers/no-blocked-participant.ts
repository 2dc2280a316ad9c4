/**
 * No participant stays blocked: what it has locked and cannot decide alone is decided within a bound,
 * counted from when it was locked or from when the network was last disturbed, whichever is later.
 */

import type { ProcessState } from "./property.ts";

export interface NoBlockedParticipant {
  readonly name: string;
  /** A fault began or ended: from here on the bound is counted anew. Times are in milliseconds. */
  disturbed(now: number): void;
  findBreach(process: ProcessState, now: number): string | undefined;
}

export function createNoBlockedParticipant(withinMs: number): NoBlockedParticipant {
  /** By process: since when each of its locks is held. */
  const held = new Map<string, ReadonlyMap<string, number>>();
  let disturbedAt = 0;
  return {
    name: "no-blocked-participant",
    disturbed(now) {
      disturbedAt = now;
    },
    findBreach({ name, view }, now) {
      const before = held.get(name);
      const locks = new Map(view.blocked.map((lock) => [lock, before?.get(lock) ?? now]));
      held.set(name, locks);
      for (const [lock, since] of locks) {
        const waitedMs = now - Math.max(since, disturbedAt);
        if (waitedMs <= withinMs) continue;
        return `${name} is blocked on ${lock} for ${waitedMs} ms, and at most ${withinMs} ms are allowed`;
      }
      return undefined;
    },
  };
}
