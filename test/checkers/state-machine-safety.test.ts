/** State-machine safety: what processes apply at one index. */

import { expect, test } from "vitest";
import { createStateMachineSafety } from "../../src/checkers/state-machine-safety.ts";
import { breachOf, process } from "./processes.ts";

test("processes may apply the same at their own pace, and again after a restart", () => {
  const breach = breachOf(
    createStateMachineSafety(),
    process("a", { log: "1a 1b 1c", applied: 2 }),
    process("b", { log: "1a 1b", applied: 1 }),
    process("a", { log: "1a 1b 1c", applied: 0 }),
    process("a", { log: "1a 1b 1c", applied: 3 }),
    process("c", { log: "1c", firstIndex: 3, applied: 3 }),
  );
  expect(breach).toBeUndefined();
});

test("another command at an index that was applied is a breach", () => {
  const breach = breachOf(
    createStateMachineSafety(),
    process("a", { log: "1a 1b", applied: 2 }),
    process("b", { log: "1a 2x", applied: 1 }),
    process("b", { log: "1a 2x", applied: 2 }),
  );
  expect(breach).toBe('b applies "x" at index 2, where a applies "b"');
});

test("what a process applies after a restart is read again", () => {
  const breach = breachOf(
    createStateMachineSafety(),
    process("a", { log: "1a 1b", applied: 2 }),
    process("a", { log: "", applied: 0 }),
    process("a", { log: "1a 2x", applied: 2 }),
  );
  expect(breach).toBe('a applies "x" at index 2, where a applies "b"');
});

test("applying what the log does not have is a breach", () => {
  const breach = breachOf(createStateMachineSafety(), process("a", { log: "1a", applied: 2 }));
  expect(breach).toBe("a applies index 2, which its log does not have");
});
