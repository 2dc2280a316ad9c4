/** Checks how often votes split against the figures of Ongaro's dissertation, chapter 9. */

import { expect, test } from "vitest";
import {
  firstTimeoutBy,
  firstTimeoutMean,
  splitVoteProbability,
} from "../../src/theory/elections.ts";

test.each([
  [0.01, 0.000592],
  [0.1, 0.0523],
  [0.2, 0.1808],
])("four of five split their votes at a latency of %d as published", (latency, published) => {
  const share = splitVoteProbability({ nodes: 5, available: 4 }, latency);
  expect(Number(share.toPrecision(latency === 0.2 ? 4 : 3))).toBe(published);
});

test("without latency votes never split, and too few nodes never elect", () => {
  expect(splitVoteProbability({ nodes: 5, available: 4 }, 0)).toBe(0);
  expect(splitVoteProbability({ nodes: 5, available: 2 }, 0)).toBe(1);
  expect(splitVoteProbability({ nodes: 5, available: 4 }, 1)).toBe(1);
});

test("the first of four time-outs ends at a fifth of the range", () => {
  expect(firstTimeoutMean(4)).toBe(0.2);
  expect(firstTimeoutBy(4, 1 / 4)).toBeCloseTo(0.6836, 4);
});

test("what is no election is refused with its name", () => {
  expect(() => splitVoteProbability({ nodes: 1, available: 1 }, 0.1)).toThrow("nodes");
  expect(() => splitVoteProbability({ nodes: 5, available: 6 }, 0.1)).toThrow("available");
  expect(() => splitVoteProbability({ nodes: 5, available: 4 }, 1.1)).toThrow("latency");
});
