/** PBFT with one byzantine replica of each behaviour among four, while links and processes fail. */

import { expect, test } from "vitest";
import { findingsOf, unmetIn } from "../findings.ts";

test("B2 is as expected", () => {
  const findings = findingsOf("B2");
  // What was broken, and how often it deviated, for each behaviour.
  expect(findings.length).toBeGreaterThanOrEqual(2 * 8);
  expect(unmetIn(findings)).toEqual([]);
});
