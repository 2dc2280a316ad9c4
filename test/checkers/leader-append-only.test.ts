/** Leader append-only: what a leader may do to its log. */

import { expect, test } from "vitest";
import { createLeaderAppendOnly } from "../../src/checkers/leader-append-only.ts";
import { breachOf, process } from "./processes.ts";

test("a leader may append, and take a snapshot; a follower may overwrite", () => {
  const breach = breachOf(
    createLeaderAppendOnly(),
    process("a", { era: 2, leads: true, log: "1a" }),
    process("a", { era: 2, leads: true, log: "1a 2b" }),
    process("a", { era: 2, leads: true, log: "2b 2c", firstIndex: 2 }),
    process("a", { era: 3, log: "2b 2c", firstIndex: 2 }),
    process("a", { era: 3, log: "2b 3d", firstIndex: 2 }),
    process("a", { era: 4, leads: true, log: "2b 3d", firstIndex: 2 }),
  );
  expect(breach).toBeUndefined();
});

test.each([
  ["overwrites", "1a 2x", '"x" of era 2'],
  ["deletes", "1a", "nothing"],
])("a leader that %s an entry is a breach", (_verb, log, is) => {
  const breach = breachOf(
    createLeaderAppendOnly(),
    process("a", { era: 2, leads: true, log: "1a 2b" }),
    process("a", { era: 2, leads: true, log }),
  );
  expect(breach).toBe(`a, which leads era 2, had "b" of era 2 at index 2 and now has ${is}`);
});
