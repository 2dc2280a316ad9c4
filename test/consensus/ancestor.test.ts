/** Checks the median time and the way back. */

import { describe, expect, test } from "vitest";
import { ancestorAt } from "../../src/consensus/ancestor.ts";
import { lineOf } from "./samples.ts";

describe("the median time", () => {
  test.each([
    ["of genesis is its own time", [100], 100],
    ["of two is the later", [100, 200], 200],
    ["of three is the middle one", [100, 200, 300], 200],
    ["of four is the later of the middle two", [100, 200, 300, 400], 300],
    ["does not depend on the order", [300, 100, 400, 200], 300],
    ["of eleven is the sixth", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 6],
    ["forgets the twelfth", [99, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 6],
    ["sorts numbers, not words", [9, 10, 100], 10],
  ])("%s", (_what, times, median) => {
    expect(lineOf(times).medianTime).toBe(median);
  });
});

describe("the ancestor at a height", () => {
  const line = lineOf([10, 20, 30, 40]);

  test("is found from genesis up to the block itself", () => {
    expect(ancestorAt(line, 0).header.time).toBe(10);
    expect(ancestorAt(line, 2).header.time).toBe(30);
    expect(ancestorAt(line, 3)).toBe(line);
  });

  test("below genesis is a mistake of the caller", () => {
    expect(() => ancestorAt(line, -1)).toThrow(/height -1/);
  });
});
