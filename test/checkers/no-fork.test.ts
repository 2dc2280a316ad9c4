/** No fork: what processes commit at one index. */

import { expect, test } from "vitest";
import { createNoFork } from "../../src/checkers/no-fork.ts";
import { breachOf, process } from "./processes.ts";

test("what is not committed may differ", () => {
  const breach = breachOf(
    createNoFork(),
    process("a", { log: "0a 1b", committed: 1 }),
    process("b", { log: "0a 2c", committed: 1 }),
  );
  expect(breach).toBeUndefined();
});

test("two commands committed at one index are a breach", () => {
  const breach = breachOf(
    createNoFork(),
    process("a", { log: "0a 1b", committed: 2 }),
    process("b", { log: "0a 2c", committed: 2 }),
  );
  expect(breach).toBe('b commits "c" at index 2, where a commits "b"');
});
