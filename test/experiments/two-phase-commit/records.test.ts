/** What is claimed of two-phase commit, as it is run for a quick look and with other values. */

import { describe, expect, test } from "vitest";
import { commitExperiments } from "../../../src/experiments/two-phase-commit/records.ts";
import { findingsOf, unmetIn } from "../findings.ts";

/** Other values than those that the records begin with. */
const others = [
  ["T1", { participants: 1 }],
  ["T1", { participants: 9 }],
  ["M11", { participants: 2 }],
  ["T2", { participants: 1, crashes: 2, timeouts: 1 }],
  ["T3", { participants: 40, delayMs: 7 }],
  ["T4", { participants: 2, downMs: 30_000 }],
  ["T5", { participants: 2 }],
  ["T6", { managers: 5 }],
  ["T7", { managers: 5 }],
  ["T8", { group: 5, participants: 2, delayMs: 20 }],
] as const;

describe("two-phase commit", () => {
  test.each(commitExperiments.map(({ code }) => code).filter((code) => !["T2"].includes(code)))(
    "%s is as expected",
    (code) => {
      const findings = findingsOf(code);
      expect(findings.length).toBeGreaterThan(0);
      expect(unmetIn(findings)).toEqual([]);
    },
  );

  test.each(others)("%s with %j, too", (code, chosen) => {
    expect(unmetIn(findingsOf(code, chosen))).toEqual([]);
  });
});
