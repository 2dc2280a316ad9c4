/** What is claimed of progress and its costs, as it is run for a quick look and with other values. */

import { describe, expect, test } from "vitest";
import { livenessExperiments } from "../../../src/experiments/liveness/records.ts";
import { findingsOf, unmetIn } from "../findings.ts";

/** Other values than those that the records begin with. */
const others = [
  ["L3", { seconds: 20 }],
  ["L4", { nodes: 12, delayMs: 30 }],
  ["L5", { smallest: 3, middle: 12, largest: 41 }],
  ["L6", { seeds: 1 }],
  ["L7a", { nodes: 3, runs: 400, rounds: 50 }],
] as const;

describe("liveness", () => {
  test.each(livenessExperiments.map(({ code }) => code).filter((code) => !["L5"].includes(code)))(
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
