/** What is claimed of consistency and availability, as it is run for a quick look and with other values. */

import { describe, expect, test } from "vitest";
import { capExperiments } from "../../../src/experiments/cap/records.ts";
import { findingsOf, unmetIn } from "../findings.ts";

/** The phases of the schedule are run in the tests of `sim/cap/`, and all of them by `experiment all`. */
const small = ["C7b", "C8", "C9"];

describe("CAP", () => {
  test("has a record for each row of the catalogue but the partition by races", () => {
    const codes = capExperiments.map(({ code }) => code);
    expect(codes).toEqual(["C1", "C2", "C3", "C4", "C5", "C6", ...small]);
  });

  test.each(small)("%s is as expected", (code) => {
    const findings = findingsOf(code);
    expect(findings.length).toBeGreaterThan(0);
    expect(unmetIn(findings)).toEqual([]);
  });

  test.each([
    ["C7b", { runs: 8, spacings: 5 }],
    ["C8", { writes: 5, delayMs: 25 }],
    ["C9", { rounds: 5, delayMs: 10 }],
  ] as const)("%s with %j, too", (code, chosen) => {
    expect(unmetIn(findingsOf(code, chosen))).toEqual([]);
  });
});
