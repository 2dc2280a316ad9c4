/** Measures of graphs against known values: centralisation, connectivity, reliability. */

import { describe, expect, test } from "vitest";
import {
  algebraicConnectivity,
  allTerminalReliability,
  articulationPoints,
  binaryTree,
  bridge,
  complete,
  countComponents,
  degreeCentralisation,
  type Graph,
  ladder,
  ring,
  star,
  twoTerminalReliability,
} from "../../src/theory/graph.ts";

/** A slow twin: power iteration on what is left of c·I − L beside the vector of ones. */
function connectivityByIteration({ vertices, edges }: Graph): number {
  const shift = 2 * vertices;
  let vector = Array.from({ length: vertices }, (_, at) => Math.sin(at * at + 1));
  let value = 0;
  for (let round = 0; round < 200_000; round++) {
    const mean = vector.reduce((a, b) => a + b, 0) / vertices;
    vector = vector.map((cell) => cell - mean);
    const norm = Math.hypot(...vector);
    vector = vector.map((cell) => cell / norm);
    const next = vector.map((cell) => shift * cell);
    for (const [a, b] of edges) {
      next[a]! -= vector[a]! - vector[b]!;
      next[b]! -= vector[b]! - vector[a]!;
    }
    const product = next.reduce((sum, cell, at) => sum + cell * vector[at]!, 0);
    if (Math.abs(product - value) < 1e-14) break;
    value = product;
    vector = next;
  }
  return shift - value;
}

describe("algebraic connectivity", () => {
  test.each([
    ["star", star(20), 1],
    ["complete", complete(20), 20],
    ["ring", ring(20), 2 - 2 * Math.cos(Math.PI / 10)],
    ["two parts", { vertices: 4, edges: [[0, 1] as const, [2, 3] as const] }, 0],
  ])("of a %s", (_, graph, expected) => {
    expect(algebraicConnectivity(graph)).toBeCloseTo(expected, 9);
  });

  test.each([
    ["tree", binaryTree(12)],
    ["ladder", ladder(12)],
    ["bridge", bridge],
  ])("of a %s is what power iteration gives", (_, graph) => {
    expect(algebraicConnectivity(graph)).toBeCloseTo(connectivityByIteration(graph), 6);
  });
});

test("one vertex of a star, and the inner ones of a tree, hold it together", () => {
  expect(articulationPoints(star(7))).toEqual([0]);
  expect(countComponents(star(7), 0)).toBe(6);
  expect(articulationPoints(binaryTree(7))).toEqual([0, 1, 2]);
  expect(articulationPoints(ladder(8))).toEqual([]);
});

test("a star is as central as can be, a ring not at all", () => {
  expect(degreeCentralisation(star(9))).toBe(1);
  expect(degreeCentralisation(ring(9))).toBe(0);
  expect(degreeCentralisation(complete(9))).toBe(0);
});

describe("reliability by enumeration", () => {
  test.each([
    [0.9, "k4", complete(4), 0.995814],
    [0.9, "k5", complete(5), 0.999492],
    [0.9, "ring of 5", ring(5), 0.91854],
    [0.9, "star of 5", star(5), 0.6561],
    [0.5, "k4", complete(4), 0.59375],
    [0.5, "k5", complete(5), 0.710938],
    [0.5, "ring of 5", ring(5), 0.1875],
  ])("with %d, %s", (probability, _, graph, expected) => {
    expect(allTerminalReliability(graph, probability)).toBeCloseTo(expected, 6);
  });

  test("of the two ends of a bridge", () => {
    expect(twoTerminalReliability(bridge, 0.9)).toBeCloseTo(0.97848, 9);
    expect(twoTerminalReliability(bridge, 0)).toBe(0);
    expect(twoTerminalReliability(bridge, 1)).toBe(1);
  });

  test("too many edges are refused", () => {
    expect(() => allTerminalReliability(complete(8), 0.5)).toThrow("20 edges, not 28");
  });
});
