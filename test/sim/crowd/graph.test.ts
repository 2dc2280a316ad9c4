/** Draws large random graphs and looks at them. */

import { expect, test } from "vitest";
import { createRandom } from "../../../src/primitives/random.ts";
import { Graph } from "../../../src/sim/crowd/graph.ts";
import { drawCalls, drawRegions, regions } from "../../../src/sim/crowd/regions.ts";

test("links go both ways, none is there twice and none leads back", () => {
  const calls = drawCalls(200, createRandom(1));
  const graph = Graph.byCalls(calls, createRandom(2));
  expect(graph.linkCount).toBe(calls.reduce((sum, each) => sum + each));
  for (let node = 0; node < graph.size; node++) {
    const neighbours = [...graph.neighboursOf(node)];
    expect(new Set(neighbours).size).toBe(neighbours.length);
    expect(neighbours).not.toContain(node);
    for (const other of neighbours) expect([...graph.neighboursOf(other)]).toContain(node);
  }
  expect(graph.isConnected).toBe(true);
  expect([...graph.links()]).toHaveLength(graph.linkCount);
});

test("whoever calls more than there are calls all", () => {
  const graph = Graph.byCalls([20, 20, 20, 20], createRandom(1));
  expect(graph.linkCount).toBe(6);
});

test("a network in two pieces is told from a whole one", () => {
  const graph = Graph.byCalls([0, 0, 0], createRandom(1));
  expect(graph.isConnected).toBe(false);
});

test("regions and calls are dealt by their shares, in an order of the seed", () => {
  const dealt = drawRegions(10_000, createRandom(1));
  for (const [region, { share }] of regions.entries()) {
    expect(dealt.filter((each) => each === region)).toHaveLength(Math.round(share * 10_000));
  }
  const calls = drawCalls(1_000, createRandom(1));
  expect(calls.filter((each) => each <= 10)).toHaveLength(700);
  expect([Math.min(...calls), Math.max(...calls)]).toEqual([1, 20]);
  expect(drawCalls(1_000, createRandom(1))).toEqual(calls);
  expect(drawCalls(1_000, createRandom(2))).not.toEqual(calls);
});
