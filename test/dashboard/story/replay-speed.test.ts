/** How fast a film goes. */

import { expect, test } from "vitest";
import { replaySpeed } from "../../../src/dashboard/story/replay-speed.ts";

test.each([
  [4, 0.25],
  [19, 1],
  [21, 2],
  [90, 8],
  [1_000, 8],
])("%d seconds are shown at %d times their speed", (durationSeconds, speed) => {
  expect(replaySpeed(durationSeconds)).toBe(speed);
});
