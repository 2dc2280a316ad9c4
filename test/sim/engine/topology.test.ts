/** Draws graphs by name. */

import { expect, test } from "vitest";
import { createRandom } from "../../../src/primitives/random.ts";
import { edgesOf, isConnected, topologyNames } from "../../../src/sim/engine/topology.ts";

function degreesOf(type: (typeof topologyNames)[number], count: number, seed = 1): number[] {
  const edges = edgesOf({ type }, count, createRandom(seed));
  return Array.from({ length: count }, (_, at) => edges.filter((edge) => edge.includes(at)).length);
}

test("a line, a tree and a grid are drawn in the order of their nodes", () => {
  const random = createRandom(1);
  expect(edgesOf({ type: "line" }, 3, random)).toEqual([[0, 1], [1, 2]]); // prettier-ignore
  //        0
  //      1   2
  //     3 4 5
  expect(edgesOf({ type: "tree" }, 6, random)).toEqual([[0, 1], [0, 2], [1, 3], [1, 4], [2, 5]]); // prettier-ignore
  //  0 1 2
  //  3 4 5
  //  6
  expect(edgesOf({ type: "grid" }, 7, random)).toEqual([
    [0, 1],
    [0, 3],
    [1, 2],
    [1, 4],
    [2, 5],
    [3, 4],
    [3, 6],
    [4, 5], // prettier-ignore
  ]);
});

test("complete, ring, star and regular graphs have the neighbours that their names promise", () => {
  expect(degreesOf("complete", 5)).toEqual([4, 4, 4, 4, 4]);
  expect(degreesOf("ring", 5)).toEqual([2, 2, 2, 2, 2]);
  expect(degreesOf("star", 5)).toEqual([4, 1, 1, 1, 1]);
  expect(degreesOf("regular", 8)).toEqual([3, 3, 3, 3, 3, 3, 3, 3]);
  expect(degreesOf("regular", 7).toSorted()).toEqual([2, 3, 3, 3, 3, 3, 3]);
});

test("every graph of every size is in one piece, and links no pair twice", () => {
  for (const type of topologyNames) {
    for (let count = 2; count <= 12; count++) {
      const edges = edgesOf({ type }, count, createRandom(count));
      const pairs = edges.map(([a, b]) => [a, b].toSorted().join());
      expect(new Set(pairs).size, `${type} of ${count}`).toBe(edges.length);
      expect(isConnected([...Array(count).keys()], edges), `${type} of ${count}`).toBe(true);
    }
  }
});

test("a regular graph follows from the seed", () => {
  const draw = (seed: number) => edgesOf({ type: "regular" }, 10, createRandom(seed));
  expect(draw(1)).toEqual(draw(1));
  expect(draw(2)).not.toEqual(draw(1));
});

test("a group is in one piece only by links of its own", () => {
  //  0 ─ 1 ─ 2
  const edges = [[0, 1], [1, 2]] as const; // prettier-ignore
  expect(isConnected([0, 1], edges)).toBe(true);
  expect(isConnected([0, 2], edges)).toBe(false);
});
