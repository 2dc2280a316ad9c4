/**
 * Liveness, as far as a finite run can show it: what is asked is answered within a bound, counted
 * from when it was asked or from when the network was last disturbed, whichever is later.
 */

export interface Liveness {
  readonly name: string;
  /** Times are in milliseconds. */
  asked(request: string, now: number): void;
  answered(request: string): void;
  /** A fault began or ended: from here on the bound is counted anew. */
  disturbed(now: number): void;
  findBreach(now: number): string | undefined;
}

export function createLiveness(withinMs: number): Liveness {
  /** In the order in which they were asked, which is that of their times. */
  const open = new Map<string, number>();
  let disturbedAt = 0;
  return {
    name: "liveness",
    asked(request, now) {
      open.set(request, now);
    },
    answered(request) {
      open.delete(request);
    },
    disturbed(now) {
      disturbedAt = now;
    },
    findBreach(now) {
      const [oldest] = open;
      if (oldest === undefined) return undefined;
      const [request, askedAt] = oldest;
      const waitedMs = now - Math.max(askedAt, disturbedAt);
      if (waitedMs <= withinMs) return undefined;
      const others = open.size === 1 ? "" : `; waiting in all: ${open.size}`;
      return `${request} is not answered after ${waitedMs} ms, and at most ${withinMs} ms are allowed${others}`;
    },
  };
}
