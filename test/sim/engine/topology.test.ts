/** Draws graphs by name and from data. */

import { describe, expect, test } from "vitest";
import { createRandom } from "../../../src/primitives/random.ts";
import {
  edgesOf,
  isConnected,
  parseTopology,
  topologyNames,
} from "../../../src/sim/engine/topology.ts";

function degreesOf(type: (typeof topologyNames)[number], count: number, seed = 1): number[] {
  const edges = edgesOf({ type }, count, createRandom(seed));
  return Array.from({ length: count }, (_, at) => edges.filter((edge) => edge.includes(at)).length);
}

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

describe("a graph from a file", () => {
  test("is taken as it is drawn", () => {
    const parsed = parseTopology({ nodes: 3, links: [[0, 1], [1, 2]] }, 10); // prettier-ignore
    const edges = [[0, 1], [1, 2]]; // prettier-ignore
    expect(parsed).toEqual({ ok: true, value: { type: "drawn", count: 3, edges } });
  });

  test.each([
    [undefined, '"nodes" must be a whole number from 2 to 10'],
    [{ nodes: 11, links: [] }, '"nodes" must be a whole number from 2 to 10'],
    [{ nodes: 2 }, '"links" must be a list of pairs'],
    [{ nodes: 2, links: [[0, 2]] }, "[0,2] is no link between two of the nodes 0 to 1"],
    [{ nodes: 2, links: [[0, 1, 1]] }, "[0,1,1] is no link between two of the nodes 0 to 1"],
    [{ nodes: 2, links: [[0, 0]] }, "no link may be there twice, and none may lead back"],
    [{ nodes: 2, links: [[0, 1], [1, 0]] }, "no link may be there twice, and none may lead back"], // prettier-ignore
    [{ nodes: 3, links: [[0, 1]] }, "every node must reach every other"],
  ])("%j is refused with a reason", (json, problem) => {
    expect(parseTopology(json, 10)).toEqual({ ok: false, problem });
  });
});
