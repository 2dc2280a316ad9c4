/** The marks and the moments of the timeline's track. */

import { expect, test } from "vitest";
import type { Pill } from "../../../src/dashboard/story/recording.ts";
import {
  isOpenTo,
  marksOn,
  momentAt,
  positionPx,
  ticksOn,
} from "../../../src/dashboard/story/track.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";

/** Ten milliseconds a pixel. */
const track = { from: 1_000 as Milliseconds, to: 11_000 as Milliseconds, widthPx: 1_000 };

function pill(at: number, type: Pill["type"] = "fork", label = `${type} at ${at}`): Pill {
  return { at: at as Milliseconds, type, label };
}

test("moments and places are each other's reverse, and stay on the track", () => {
  expect(positionPx(track, 6_000 as Milliseconds)).toBe(500);
  expect(momentAt(track, 500)).toBe(6_000);
  expect(momentAt(track, -20)).toBe(1_000);
  expect(momentAt(track, 2_000)).toBe(11_000);
  expect(positionPx(track, 99_000 as Milliseconds)).toBe(1_000);
});

test("a track without time or room shows its end", () => {
  expect(positionPx({ ...track, to: track.from }, track.from)).toBe(1_000);
  expect(momentAt({ ...track, widthPx: 0 }, 0)).toBe(11_000);
});

test("pills sixteen pixels apart are two marks, and nearer ones are one with a count", () => {
  const marks = marksOn(track, [pill(2_000), pill(2_160), pill(2_310)]);
  expect(marks.map(({ xPx, count }) => [xPx, count])).toEqual([
    [100, 1],
    [116, 2],
  ]);
});

test("a mark of several has the shape of the most important and the first three labels", () => {
  const types = ["fork", "reorganisation", "attack", "fork"] as const;
  const [mark] = marksOn(
    track,
    types.map((type, i) => pill(2_000 + i, type)),
  );
  expect(mark).toMatchObject({ type: "attack", count: 4, at: 2_000 });
  expect(mark!.labels).toEqual(["fork at 2000", "reorganisation at 2001", "attack at 2002"]);
});

test("never more than about two hundred marks are drawn, and none is lost", () => {
  const wide = { ...track, widthPx: 10_000 };
  const pills = Array.from({ length: 5_000 }, (_, i) => pill(1_000 + 2 * i));
  const marks = marksOn(wide, pills);
  expect(marks.length).toBeLessThanOrEqual(201);
  expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
});

test("a node by itself notices its own reorganisation, not that it is attacked", () => {
  const pills = [pill(1, "attack"), pill(2, "fork"), pill(3, "reorganisation")];
  expect(pills.filter((each) => isOpenTo("shop", each))).toEqual([pills[2]]);
  expect(pills.filter((each) => isOpenTo(null, each))).toEqual(pills);
});

test("blocks of the same pixel are one tick", () => {
  const times = [2_000, 2_003, 2_010] as Milliseconds[];
  expect(ticksOn(track, times)).toEqual([100, 101]);
});
