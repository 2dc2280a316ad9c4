/** Work as a power of two. */

import { expect, test } from "vitest";
import { log2Of, workText } from "../../../src/dashboard/story/work-text.ts";

test("work is told as a power of two with one decimal", () => {
  expect(workText(1n << 16n)).toBe("2^16.0");
  expect(workText(80_000n)).toBe("2^16.3");
  expect(workText(0n)).toBe("0");
});

test("the logarithm holds for work that is larger than any double", () => {
  expect(log2Of(1n)).toBe(0);
  expect(log2Of(1n << 2000n)).toBe(2000);
  expect(log2Of(3n << 1500n)).toBeCloseTo(1500 + Math.log2(3), 9);
});

test("no work has no logarithm", () => {
  expect(() => log2Of(0n)).toThrow(RangeError);
});
