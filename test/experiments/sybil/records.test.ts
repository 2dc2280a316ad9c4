/** What is claimed of many names, as it is run for a quick look and with other values. */

import { expect, test } from "vitest";
import { findingsOf, unmetIn } from "../findings.ts";

test("S2 is as expected", () => {
  const findings = findingsOf("S2");
  expect(findings.length).toBeGreaterThan(10);
  expect(unmetIn(findings)).toEqual([]);
});

test("S2 with two honest members, too", () => {
  expect(unmetIn(findingsOf("S2", { honest: 2, blocks: 10_000 }))).toEqual([]);
});
