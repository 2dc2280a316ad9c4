/** How many are enough. */

import { expect, test } from "vitest";
import { majorityOf, overlapOf } from "../../../src/protocols/process/quorum.ts";

test("two majorities share a process, also of an even number, and one process less would not do", () => {
  for (let count = 1; count <= 30; count++) {
    const majority = majorityOf(count);
    expect(overlapOf(count, majority)).toBeGreaterThan(0);
    expect(overlapOf(count, majority - 1)).toBe(0);
  }
});
