/** The lines of a message: where it goes, and how far if it is lost. */

import type { MessageRecord, RunRecord } from "../../../simulator/run-record.ts";
import { itemsWithin } from "../../run/search.ts";
import { along, type Frame, lanePosition, type Point, pointOf } from "./frame.ts";

/** A lost message ends between two lanes, not on one that lies half way. */
const lostShare = 0.42;
/** The most of its way that a message which met a fault is drawn. */
const lostShareMax = 0.95;
const headPx = 7;
const headAngle = 0.42;

export type Arrow = {
  readonly start: Point;
  /** Two if it arrives twice. */
  readonly ends: readonly Point[];
  readonly isShort: boolean;
};

/** @param originMs the time at the beginning of the drawing. */
export function arrowOf(
  { names, settings }: RunRecord,
  frame: Frame,
  message: MessageRecord,
  originMs: number,
): Arrow {
  const { sentMs, arrivedMs, delayedMs, lostMs } = message;
  const usualMs = (settings.delayMsMin + settings.delayMsMax) / 2;
  const [fromLane, toLane] = [names.indexOf(message.from), names.indexOf(message.to)];
  const place = (ms: number, lane: number) => {
    return pointOf(frame, along(frame, ms - originMs), lanePosition(frame, lane));
  };
  const start = place(sentMs, fromLane);
  if (arrivedMs.length > 0) {
    return { start, ends: arrivedMs.map((ms) => place(ms, toLane)), isShort: false };
  }
  const begunMs = sentMs + delayedMs;
  // A message that a fault met on its way ends when that struck: before, nothing was wrong with it.
  const endMs = lostMs ?? begunMs + lostShare * usualMs;
  const share = Math.min((endMs - begunMs) / usualMs, lostShareMax);
  const end = place(endMs, fromLane + share * (toLane - fromLane));
  return { start, ends: [end], isShort: true };
}

export function pathOf({ start, ends, isShort }: Arrow): string {
  const lines = ends.map((end) => {
    return `M${text(start)}L${text(end)}${isShort ? "" : head(start, end)}`;
  });
  return lines.join("");
}

function head(start: Point, end: Point): string {
  const angle = Math.atan2(end.y - start.y, end.x - start.x);
  const tips = [angle + headAngle, angle - headAngle].map((each) => ({
    x: end.x - headPx * Math.cos(each),
    y: end.y - headPx * Math.sin(each),
  }));
  return `M${text(tips[0] as Point)}L${text(end)}L${text(tips[1] as Point)}`;
}

function text({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

/** A press this near to an arrow is on it. */
const reachPx = 6;

/**
 * @param startMs the time at the beginning of the picture. @param point in it.
 * @returns the position of the message; undefined if none is near.
 */
export function messageAt(
  record: RunRecord,
  frame: Frame,
  startMs: number,
  point: Point,
): number | undefined {
  const { messages } = record;
  const shown = itemsWithin(
    messages,
    ({ sentMs }) => sentMs,
    startMs - frame.spanMs,
    startMs + frame.spanMs,
  );
  let nearest: { readonly position: number; readonly px: number } | undefined;
  for (const { item, position } of shown) {
    const { start, ends } = arrowOf(record, frame, item, startMs);
    const px = Math.min(...ends.map((end) => distance(point, start, end)));
    if (px <= reachPx && px < (nearest?.px ?? Infinity)) nearest = { position, px };
  }
  return nearest?.position;
}

/** Of a point from a line between two others, in pixels. */
function distance(point: Point, start: Point, end: Point): number {
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = dx * dx + dy * dy || 1;
  const along = ((point.x - start.x) * dx + (point.y - start.y) * dy) / length;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - start.x - share * dx, point.y - start.y - share * dy);
}
