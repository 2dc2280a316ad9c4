/** Times as people read them: minutes and seconds since the start, and how long something took. */

import type { Milliseconds } from "../../primitives/brand.ts";

/** Such as "02:07"; after an hour the minutes go on, as "75:00". */
export function clockText(at: Milliseconds, start: Milliseconds): string {
  const seconds = Math.max(0, Math.floor((at - start) / 1000));
  return `${twoDigits(Math.floor(seconds / 60))}:${twoDigits(seconds % 60)}`;
}

/** Such as "12 ms", "1.4 s" and "2 min". */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 100_000) return `${Math.round(ms / 1000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** Such as "0.3 s": for times that are shown beside seconds. */
export function secondsText(ms: number): string {
  return ms < 1000 ? `${(ms / 1000).toFixed(1)} s` : durationText(ms);
}

function twoDigits(count: number): string {
  return String(count).padStart(2, "0");
}
