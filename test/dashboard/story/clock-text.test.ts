/** Times as people read them. */

import { expect, test } from "vitest";
import { clockText, durationText } from "../../../src/dashboard/story/clock-text.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";

const start = 1_000_000 as Milliseconds;

function clockAfter(ms: number): string {
  return clockText((start + ms) as Milliseconds, start);
}

test("a time is told in minutes and seconds since the start", () => {
  expect(clockAfter(0)).toBe("00:00");
  expect(clockAfter(9_999)).toBe("00:09");
  expect(clockAfter(127_000)).toBe("02:07");
});

test("after an hour the minutes go on, and before the start it is the start", () => {
  expect(clockAfter(75 * 60_000)).toBe("75:00");
  expect(clockAfter(-5_000)).toBe("00:00");
});

test("a duration has the unit that suits it", () => {
  const durations = [0, 12.4, 999, 1_400, 9_949, 42_300, 150_000].map(durationText);
  expect(durations).toEqual(["0 ms", "12 ms", "999 ms", "1.4 s", "9.9 s", "42 s", "3 min"]);
});
