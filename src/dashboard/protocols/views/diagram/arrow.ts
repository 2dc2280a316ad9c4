/** The lines of a message: where it goes, and how far if it is lost. */

import type { MessageRecord } from "../../../simulator/run-record.ts";
import { along, type Frame, lanePosition, type Point, pointOf } from "./frame.ts";

/** A lost message ends between two lanes, not on one that lies half way. */
const lostShare = 0.42;
const headPx = 7;
const headAngle = 0.42;

/** @param originMs the time at the beginning of the drawing. @param usualMs what a message takes. */
export function arrowPath(
  frame: Frame,
  message: MessageRecord,
  names: readonly string[],
  originMs: number,
  usualMs: number,
): { readonly path: string; readonly end: Point } {
  const { sentMs, arrivedMs, delayedMs, lostMs } = message;
  const [fromLane, toLane] = [names.indexOf(message.from), names.indexOf(message.to)];
  const place = (ms: number, lane: number) => {
    return pointOf(frame, along(frame, ms - originMs), lanePosition(frame, lane));
  };
  const isShort = arrivedMs.length === 0;
  const begunMs = sentMs + delayedMs;
  // A message that a fault met on its way ends when that struck: before, nothing was wrong with it.
  const lateShare = lostMs === undefined ? lostShare : Math.min((lostMs - begunMs) / usualMs, 0.95);
  const share = isShort ? lateShare : 1;
  const endLane = fromLane + share * (toLane - fromLane);
  const ends = isShort ? [lostMs ?? begunMs + share * usualMs] : arrivedMs;
  const start = place(sentMs, fromLane);
  const targets = ends.map((ms) => place(ms, endLane));
  const lines = targets.map(
    (end) => `M${text(start)}L${text(end)}${isShort ? "" : head(start, end)}`,
  );
  return { path: lines.join(""), end: targets[0] ?? start };
}

function head(start: Point, end: Point): string {
  const angle = Math.atan2(end.y - start.y, end.x - start.x);
  const tips = [angle + headAngle, angle - headAngle].map((each) => ({
    x: end.x - headPx * Math.cos(each),
    y: end.y - headPx * Math.sin(each),
  }));
  return tips.map((tip) => `M${text(end)}L${text(tip)}`).join("");
}

function text({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
