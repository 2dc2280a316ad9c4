/** Liveness: how long a request may wait. */

import { expect, test } from "vitest";
import { createLiveness } from "../../src/checkers/liveness.ts";

test("what is answered within the bound, or waits during a fault, is no breach", () => {
  const liveness = createLiveness(100);
  liveness.asked("r1", 0);
  expect(liveness.findBreach(100)).toBeUndefined();
  liveness.answered("r1");
  liveness.asked("r2", 150);
  liveness.disturbed(1_000);
  expect(liveness.findBreach(1_100)).toBeUndefined();
  liveness.answered("r2");
  expect(liveness.findBreach(9_999)).toBeUndefined();
});

test("the oldest request that waits for longer is a breach", () => {
  const liveness = createLiveness(100);
  liveness.asked("r1", 0);
  liveness.asked("r2", 50);
  expect(liveness.findBreach(101)).toBe(
    "r1 is not answered after 101 ms, and at most 100 ms are allowed; waiting in all: 2",
  );
});
