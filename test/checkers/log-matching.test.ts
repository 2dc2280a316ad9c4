/** Log matching: which logs may stand beside each other. */

import { expect, test } from "vitest";
import { createLogMatching } from "../../src/checkers/log-matching.ts";
import { breachOf, process } from "./processes.ts";

test("logs may differ in length, and in entries of different eras until one is overwritten", () => {
  //  a  1a 1b 3d        the paper's figure 7 in small: b has entries of a leader that failed
  //  b  1a 2c → 1a 1b 3d
  const breach = breachOf(
    createLogMatching(),
    process("a", { log: "1a 1b 3d" }),
    process("b", { log: "1a 2c" }),
    process("b", { log: "1a" }),
    process("b", { log: "1a 1b 3d" }),
    process("c", { log: "3d", firstIndex: 3 }),
  );
  expect(breach).toBeUndefined();
});

test("one index and era with two commands is a breach", () => {
  const breach = breachOf(
    createLogMatching(),
    process("a", { log: "1a 2b" }),
    process("b", { log: "1a 2c" }),
  );
  expect(breach).toBe('at index 2 and era 2 a has "b" and b has "c"');
});

test("the same entry behind different ones is a breach: a follower appended without comparing", () => {
  const breach = breachOf(
    createLogMatching(),
    process("a", { log: "1a 2b 3c" }),
    process("b", { log: "1a 1x 3c" }),
  );
  expect(breach).toBe("before index 3 and era 3 a has era 2 and b has era 1");
});
