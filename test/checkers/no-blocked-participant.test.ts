/** No blocked participant: how long a lock may be held. */

import { expect, test } from "vitest";
import { createNoBlockedParticipant } from "../../src/checkers/no-blocked-participant.ts";
import { process } from "./processes.ts";

const blocked = process("b", { blocked: ["t1"] });

test("a lock may be held up to the bound, and another one after it", () => {
  const check = createNoBlockedParticipant(100);
  expect(check.findBreach(blocked, 0)).toBeUndefined();
  expect(check.findBreach(blocked, 100)).toBeUndefined();
  expect(check.findBreach(process("b", { blocked: ["t2"] }), 101)).toBeUndefined();
  expect(check.findBreach(process("b", { blocked: ["t1"] }), 150)).toBeUndefined();
});

test("a lock held for longer is a breach, counted from the last disturbance", () => {
  const check = createNoBlockedParticipant(100);
  check.findBreach(blocked, 0);
  check.disturbed(500);
  expect(check.findBreach(blocked, 600)).toBeUndefined();
  const breach = "b is blocked on t1 for 101 ms, and at most 100 ms are allowed";
  expect(check.findBreach(blocked, 601)).toBe(breach);
});
