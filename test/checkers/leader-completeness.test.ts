/** Leader completeness: what a new leader must have. */

import { expect, test } from "vitest";
import { createLeaderCompleteness } from "../../src/checkers/leader-completeness.ts";
import { breachOf, process } from "./processes.ts";

test("a new leader with all that was committed may lack what was not, or have it in a snapshot", () => {
  const breach = breachOf(
    createLeaderCompleteness(),
    process("a", { era: 1, leads: true, log: "1a 1b 1c", committed: 2 }),
    process("b", { era: 2, leads: true, log: "1a 1b" }),
    process("c", { era: 3, leads: true, log: "1b 3d", firstIndex: 2 }),
  );
  expect(breach).toBeUndefined();
});

test("figure 8: an entry of an earlier era, committed by counting copies, is lost", () => {
  const breach = breachOf(
    createLeaderCompleteness(),
    process("s1", { era: 2, leads: true, log: "1a 2b" }),
    process("s5", { era: 3, leads: true, log: "1a 3c" }),
    process("s1", { era: 4, leads: true, log: "1a 2b 4d", committed: 2 }),
    process("s5", { era: 5, leads: true, log: "1a 3c" }),
  );
  expect(breach).toBe(
    's5 leads era 5 and has "c" of era 3 at index 2, where s1 knew "b" of era 2 to be committed in era 4',
  );
});

test("a leader that stands already is judged when an earlier era's commit becomes known", () => {
  const breach = breachOf(
    createLeaderCompleteness(),
    process("b", { era: 2, leads: true, log: "2x" }),
    process("a", { era: 1, leads: true, log: "1a", committed: 1 }),
  );
  expect(breach).toContain("b leads era 2 and has");
});
