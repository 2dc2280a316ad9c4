/** The track of the timeline: the place of each moment, and its marks. */

import type { Milliseconds } from "../../primitives/brand.ts";
import type { Pill } from "./recording.ts";

export type Track = {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
  readonly widthPx: number;
};

/** One or more pills that are too close to each other to be drawn apart. */
export type Mark = {
  readonly xPx: number;
  /** Of the first. */
  readonly at: Milliseconds;
  /** Of the most important. */
  readonly type: Pill["type"];
  readonly count: number;
  /** At most three; `count` counts all. */
  readonly labels: readonly string[];
};

/** Marks nearer than this become one: so wide is a mark with its count. */
const markDistancePx = 16;
const marksMax = 200;
const labelsMax = 3;
/** The first gives its shape to a mark of several. */
const byImportance: readonly Pill["type"][] = [
  "attack",
  "delivery",
  "reorganisation",
  "partition",
  "fault",
  "fork",
];

/** From the left end, within the track. */
export function positionPx({ from, to, widthPx }: Track, at: Milliseconds): number {
  if (to <= from) return widthPx;
  return Math.min(1, Math.max(0, (at - from) / (to - from))) * widthPx;
}

/** The moment at a place of the track; beyond an end it is the end. */
export function momentAt({ from, to, widthPx }: Track, xPx: number): Milliseconds {
  const part = widthPx <= 0 ? 1 : Math.min(1, Math.max(0, xPx / widthPx));
  return Math.round(from + part * (to - from)) as Milliseconds;
}

/** Whether a node could notice such an event: not an attack, nor a fork elsewhere. */
export function isOpenTo(viewer: string | null, { type }: Pill): boolean {
  return viewer === null || (type !== "attack" && type !== "fork");
}

/** @param pills in the order of time. */
export function marksOn(track: Track, pills: readonly Pill[]): readonly Mark[] {
  const distancePx = Math.max(markDistancePx, track.widthPx / marksMax);
  const marks: Mark[] = [];
  for (const pill of pills) {
    const xPx = positionPx(track, pill.at);
    const last = marks.at(-1);
    if (last === undefined || xPx - last.xPx >= distancePx) {
      marks.push({ xPx, at: pill.at, type: pill.type, count: 1, labels: [pill.label] });
    } else {
      marks[marks.length - 1] = merged(last, pill);
    }
  }
  return marks;
}

function merged(mark: Mark, { type, label }: Pill): Mark {
  const isMore = byImportance.indexOf(type) < byImportance.indexOf(mark.type);
  return {
    ...mark,
    type: isMore ? type : mark.type,
    count: mark.count + 1,
    labels: [...mark.labels, label].slice(0, labelsMax),
  };
}

/** Whole pixels at which something happened, each once. */
export function ticksOn(track: Track, times: Iterable<Milliseconds>): readonly number[] {
  const ticks = new Set<number>();
  for (const at of times) ticks.add(Math.round(positionPx(track, at)));
  return [...ticks];
}
