/** The replay speed that shows a scene in about 20 seconds. */

/** What the timeline offers, the slowest first. */
const speeds = [0.25, 0.5, 1, 2, 4, 8] as const;
const replaySecondsMax = 20;

/** The slowest that shows so many seconds in 20; the fastest if none does. */
export function replaySpeed(durationSeconds: number): number {
  return speeds.find((speed) => durationSeconds / speed <= replaySecondsMax) ?? 8;
}
