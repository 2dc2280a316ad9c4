/** Where things stand in the picture: time along one axis, processes and clients beside each other. */

/** Sizes in pixels of the drawing. */
export type Frame = {
  /** True if time runs downwards, and processes stand beside each other. */
  readonly isDown: boolean;
  /** Of the axis of time, and how much time it shows. */
  readonly lengthPx: number;
  readonly spanMs: number;
  /** Between two processes. */
  readonly lanePx: number;
  readonly lanes: number;
  readonly clients: number;
};

export type Point = { readonly x: number; readonly y: number };

/** The part of the picture that is before the moment shown. */
export const pastShare = 0.62;

/** For bars that say which faults last. */
export const faultsPx = { right: 36, down: 20 } as const;
export const clientPx = { right: 26, down: 20 } as const;
/** For the figures of the axis. */
export const axisPx = { right: 18, down: 42 } as const;

function turned<T>({ isDown }: Frame, sizes: { readonly right: T; readonly down: T }): T {
  return isDown ? sizes.down : sizes.right;
}

/** The middle of a process's lane, across. */
export function lanePosition({ lanePx }: Frame, lane: number): number {
  return lanePx * (lane + 0.5);
}

/** Where the faults begin, across. */
export function faultsPosition({ lanePx, lanes }: Frame): number {
  return lanePx * lanes;
}

/** The middle of a client's bars, across. */
export function clientPosition(frame: Frame, client: number): number {
  const px = turned(frame, clientPx);
  return faultsPosition(frame) + turned(frame, faultsPx) + px * (client + 0.5);
}

export function axisPosition(frame: Frame): number {
  const { clients } = frame;
  return faultsPosition(frame) + turned(frame, faultsPx) + clients * turned(frame, clientPx);
}

/** The size across of all together. */
export function breadth(frame: Frame): number {
  return axisPosition(frame) + turned(frame, axisPx);
}

/** Along the axis of time. */
export function along({ lengthPx, spanMs }: Frame, ms: number): number {
  return (ms * lengthPx) / spanMs;
}

export function timeAlong({ lengthPx, spanMs }: Frame, px: number): number {
  return (px * spanMs) / lengthPx;
}

export function pointOf({ isDown }: Frame, alongPx: number, acrossPx: number): Point {
  return isDown ? { x: acrossPx, y: alongPx } : { x: alongPx, y: acrossPx };
}

/** The time at the beginning of the picture, when a moment is shown. */
export function startOf({ spanMs }: Frame, atMs: number): number {
  return atMs - pastShare * spanMs;
}

/** A rectangle from one time to another, around a position across. */
export function barOf(frame: Frame, fromPx: number, toPx: number, middlePx: number, px: number) {
  const length = Math.max(toPx - fromPx, 1);
  return frame.isDown
    ? { x: middlePx - px / 2, y: fromPx, width: px, height: length }
    : { x: fromPx, y: middlePx - px / 2, width: length, height: px };
}

const roundSteps = [50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000];

/** Whole times within a piece of time, not more than about one in 100 pixels. */
export function ticksIn(frame: Frame, fromMs: number, toMs: number): readonly number[] {
  const least = timeAlong(frame, 100);
  const stepMs = roundSteps.find((each) => each >= least) ?? 20_000;
  const first = Math.max(0, Math.ceil(fromMs / stepMs) * stepMs);
  const count = Math.max(0, Math.floor((toMs - first) / stepMs) + 1);
  return Array.from({ length: count }, (_, at) => first + at * stepMs);
}
