/** What is claimed of consistency, as it is run for a quick look and with other values. */

import { describe, expect, test } from "vitest";
import { checkerExperiments } from "../../../src/experiments/checkers/records.ts";
import { findingsOf, unmetIn } from "../findings.ts";

/** Other values than those that the records begin with. */
const others = [
  ["Q3", { clients: 1 }],
  ["Q3", { clients: 3 }],
  ["Q4", { servers: 3, clients: 1 }],
  ["Q1", { histories: 20, clients: 12 }],
  ["Q2", { keys: 4, memoryMb: 20 }],
  ["Q2", { model: "register", operations: 500 }],
] as const;

describe("consistency", () => {
  test.each(checkerExperiments.map(({ code }) => code))("%s is as expected", (code) => {
    const findings = findingsOf(code);
    expect(findings.length).toBeGreaterThan(0);
    expect(unmetIn(findings)).toEqual([]);
  });

  test.each(others)("%s with %j, too", (code, chosen) => {
    expect(unmetIn(findingsOf(code, chosen))).toEqual([]);
  });
});

test("a search without memory says so, and the claim differs", () => {
  const unmet = unmetIn(findingsOf("Q2", { keys: 3, operations: 2_000, memoryMb: 1 }));
  expect(unmet).toContain(
    "with four values that come again and again: undecided, not linearizable",
  );
});
