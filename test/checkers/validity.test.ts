/** Validity: only what was proposed is decided. */

import { expect, test } from "vitest";
import { createValidity } from "../../src/checkers/validity.ts";
import { breachOf, process } from "./processes.ts";

test("one of several proposals may be decided", () => {
  const validity = createValidity();
  validity.proposed("slot1", 0);
  validity.proposed("slot1", "x");
  expect(breachOf(validity, process("a", { decisions: { slot1: 0 } }))).toBeUndefined();
});

test("a value that was proposed for another slot is a breach", () => {
  const validity = createValidity();
  validity.proposed("slot1", 0);
  validity.proposed("slot2", "x");
  const breach = breachOf(validity, process("a", { decisions: { slot1: "x" } }));
  expect(breach).toBe('a decides "x" for slot1, for which only 0 was proposed');
});

test("a decision without any proposal is a breach", () => {
  const breach = breachOf(createValidity(), process("a", { decisions: { slot1: "x" } }));
  expect(breach).toBe('a decides "x" for slot1, for which nothing was proposed');
});
