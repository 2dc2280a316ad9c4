/** Chances as text, and curves read between their points. */

import { expect, test } from "vitest";
import { chanceText, valueOn } from "../../../src/dashboard/story/chance-text.ts";

test.each([
  [0, "0 %"],
  [0.000_01, "less than 0.01 %"],
  [0.0012, "0.12 %"],
  [0.18, "18.0 %"],
  [0.9994, "99.9 %"],
  [0.9999, "more than 99.9 %"],
  [1, "100 %"],
])("a chance of %d is %s", (chance, text) => {
  expect(chanceText(chance)).toBe(text);
});

test("between its points a curve is read on the straight line", () => {
  const curve = [
    [0, 0],
    [0.2, 0.1],
    [0.4, 0.5],
  ] as const;
  expect(valueOn(curve, 0)).toBe(0);
  expect(valueOn(curve, 0.1)).toBeCloseTo(0.05, 12);
  expect(valueOn(curve, 0.2)).toBe(0.1);
  expect(valueOn(curve, 0.3)).toBeCloseTo(0.3, 12);
});

test("beyond its end a curve stays as it ends, and an empty one says nothing", () => {
  expect(valueOn([[0.5, 0.9]], 0.7)).toBe(0.9);
  expect(valueOn([], 0.3)).toBeNull();
});
