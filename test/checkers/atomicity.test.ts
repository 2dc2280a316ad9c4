/** Atomicity: outcomes of one transaction, beside the votes. */

import { expect, test } from "vitest";
import { createAtomicity } from "../../src/checkers/atomicity.ts";
import { breachOf, process } from "./processes.ts";

const committed = { decisions: { t1: "commit" } };
const aborted = { decisions: { t1: "abort" } };

test("all may commit once all have voted yes, and all may abort at any time", () => {
  const atomicity = createAtomicity(["b", "c"]);
  atomicity.voted("t1", "b", "yes");
  atomicity.voted("t1", "c", "yes");
  const states = ["a", "b", "c"].map((name) => process(name, committed));
  expect(breachOf(atomicity, ...states)).toBeUndefined();
  const other = ["a", "b"].map((name) => process(name, { decisions: { t2: "abort" } }));
  expect(breachOf(atomicity, ...other)).toBeUndefined();
});

test("a commit beside an abort is a breach, in either order", () => {
  const breach = "b commits t1, and a aborts it";
  expect(breachOf(createAtomicity([]), process("a", aborted), process("b", committed))).toBe(
    breach,
  );
  expect(breachOf(createAtomicity([]), process("b", committed), process("a", aborted))).toBe(
    breach,
  );
});

test("a commit without the yes of all is a breach", () => {
  const atomicity = createAtomicity(["b", "c"]);
  atomicity.voted("t1", "b", "yes");
  expect(breachOf(atomicity, process("a", committed))).toBe("a commits t1, though c has not voted");
  const refused = createAtomicity(["b"]);
  refused.voted("t1", "b", "no");
  expect(breachOf(refused, process("a", committed))).toBe("a commits t1, though b voted no");
});
