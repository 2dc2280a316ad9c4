/** Election safety: one leader an era. */

import { expect, test } from "vitest";
import { createElectionSafety } from "../../src/checkers/election-safety.ts";
import { breachOf, process } from "./processes.ts";

test("an old leader may still stand beside the leader of a later era", () => {
  const breach = breachOf(
    createElectionSafety(),
    process("a", { era: 1, leads: true }),
    process("b", { era: 2, leads: true }),
    process("a", { era: 1, leads: true }),
    process("a", { era: 2 }),
  );
  expect(breach).toBeUndefined();
});

test("two leaders of one era are a breach, even if the first has stepped down", () => {
  const breach = breachOf(
    createElectionSafety(),
    process("a", { era: 2, leads: true }),
    process("a", { era: 2 }),
    process("b", { era: 2, leads: true }),
  );
  expect(breach).toBe("a and b both lead era 2");
});
