/** Agreement: which decisions go together. */

import { expect, test } from "vitest";
import { createAgreement } from "../../src/checkers/agreement.ts";
import { breachOf, process } from "./processes.ts";

test("processes may decide the same, and different things under different names", () => {
  const breach = breachOf(
    createAgreement(),
    process("a", { decisions: { slot1: 0 } }),
    process("b", { decisions: { slot1: 0, slot2: "x" } }),
    process("a", { decisions: { slot2: "x" } }),
  );
  expect(breach).toBeUndefined();
});

test.each([
  [0, false],
  [0, "0"],
  ["", null],
])("deciding %j and %j for one slot is a breach, though both are falsy", (one, other) => {
  const breach = breachOf(
    createAgreement(),
    process("a", { decisions: { slot1: one } }),
    process("b", { decisions: { slot1: other } }),
  );
  const [was, is] = [JSON.stringify(one), JSON.stringify(other)];
  expect(breach).toBe(`b decides ${is} for slot1, for which a decided ${was}`);
});

test("a process must not change what it decided itself", () => {
  const states = ["x", "y"].map((value) => process("a", { decisions: { slot1: value } }));
  expect(breachOf(createAgreement(), ...states)).toContain('a decides "y" for slot1');
});
