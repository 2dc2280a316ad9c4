/** What is claimed of Byzantine fault tolerance, as it is run for a quick look and with other values. */

import { describe, expect, test } from "vitest";
import { bftExperiments } from "../../../src/experiments/bft/records.ts";
import { findingsOf, unmetIn } from "../findings.ts";

/** They take longer, and have files of their own. */
const elsewhere: readonly string[] = ["B2", "B10"];

/** Other values than those that the records begin with. */
const others = [
  ["B1", { nodesMax: 6 }],
  ["B5", { nodes: 5 }],
  ["B7", { largest: 16 }],
  ["B12", { largest: 6 }],
  ["B13", { every: 4, requests: 50 }],
] as const;

describe("Byzantine fault tolerance", () => {
  test.each(bftExperiments.map(({ code }) => code).filter((code) => !elsewhere.includes(code)))(
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
