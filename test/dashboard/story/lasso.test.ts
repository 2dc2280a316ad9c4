/** Which nodes a line drawn by hand goes around. */

import { expect, test } from "vitest";
import { isInside, namesInside, type Point } from "../../../src/dashboard/story/lasso.ts";

/** The letter U: its hollow is open to the top. */
const cup: readonly Point[] = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 20 },
  { x: 20, y: 20 },
  { x: 20, y: 0 },
  { x: 30, y: 0 },
  { x: 30, y: 30 },
  { x: 0, y: 30 },
];

test.each([
  { where: "in its left arm", x: 5, y: 10, inside: true },
  { where: "in its right arm", x: 25, y: 10, inside: true },
  { where: "in its bottom", x: 15, y: 25, inside: true },
  { where: "in its hollow", x: 15, y: 10, inside: false },
  { where: "left of it, level with a corner", x: -5, y: 20, inside: false },
  { where: "below it", x: 15, y: 35, inside: false },
])("a point $where: inside is $inside", ({ x, y, inside }) => {
  expect(isInside({ x, y }, cup)).toBe(inside);
  expect(isInside({ x, y }, [...cup].reverse())).toBe(inside);
});

test("the lasso takes the nodes that it goes around, and a click takes none", () => {
  const places = new Map([
    ["alice", { x: 5, y: 10 }],
    ["bob", { x: 15, y: 10 }],
    ["carol", { x: 15, y: 25 }],
  ]);
  expect(namesInside(cup, places)).toEqual(["alice", "carol"]);
  expect(namesInside([{ x: 5, y: 10 }], places)).toEqual([]);
  expect(namesInside([], places)).toEqual([]);
});
