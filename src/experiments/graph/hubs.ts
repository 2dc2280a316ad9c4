/** Graphs of the usual shapes without one vertex: what falls apart, and how much hangs on a hub. */

import { wholeParameter } from "../../primitives/parameter.ts";
import {
  algebraicConnectivity,
  articulationPoints,
  binaryTree,
  complete,
  countComponents,
  degreeCentralisation,
  ladder,
  ring,
  star,
} from "../../theory/graph.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding, near } from "../engine/finding.ts";

const parameters = {
  nodes: wholeParameter("how many vertices", { min: 6, max: 60, initial: 20 }),
};

/** What is left by rounding. */
const rounding = 1e-9;

export const hubs = defineExact<typeof parameters>({
  id: "hubs",
  code: "G2",
  group: "graph",
  title: "Hubs",
  claim:
    "Without its hub a star falls apart; without any one vertex, a ring or a complete graph does not.",
  lines: "L59",
  source: "definitions; eigenvalues of the Laplacian (Fiedler 1973): 1, n and 2 − 2cos(2π/n)",
  parameters,
  examples: [["--nodes 50", "larger graphs"]],
  examine: ({ nodes }) => [
    exactly(
      "star: vertices that it falls apart without",
      articulationPoints(star(nodes)).length,
      1,
    ),
    exactly("star: parts without its hub", countComponents(star(nodes), 0), nodes - 1),
    exactly("star: Freeman's centralisation", degreeCentralisation(star(nodes)), 1),
    near("star: algebraic connectivity", algebraicConnectivity(star(nodes)), 1, rounding),
    exactly(
      "ring: vertices that it falls apart without",
      articulationPoints(ring(nodes)).length,
      0,
    ),
    exactly("ring: Freeman's centralisation", degreeCentralisation(ring(nodes)), 0),
    near(
      "ring: algebraic connectivity",
      algebraicConnectivity(ring(nodes)),
      ringTheory(nodes),
      rounding,
    ),
    exactly(
      "complete: vertices that it falls apart without",
      articulationPoints(complete(nodes)).length,
      0,
    ),
    near(
      "complete: algebraic connectivity",
      algebraicConnectivity(complete(nodes)),
      nodes,
      rounding,
    ),
    exactly(
      "tree: vertices that it falls apart without",
      articulationPoints(binaryTree(nodes)).length,
      Math.floor(nodes / 2),
    ),
    ...cubicFindings(nodes - (nodes % 2)),
  ],
});

/** @see Fiedler, Algebraic Connectivity of Graphs, 1973 */
function ringTheory(vertices: number): number {
  return 2 - 2 * Math.cos((2 * Math.PI) / vertices);
}

/** Three neighbours each; the eigenvalues of a circulant graph are sums of cosines. */
function cubicFindings(vertices: number): readonly Finding[] {
  const graph = ladder(vertices);
  const smallest = Math.min(
    ...Array.from({ length: vertices - 1 }, (_, at) => {
      const k = at + 1;
      return 3 - 2 * Math.cos((2 * Math.PI * k) / vertices) - (k % 2 === 0 ? 1 : -1);
    }),
  );
  return [
    exactly(
      "three neighbours each: vertices that it falls apart without",
      articulationPoints(graph).length,
      0,
    ),
    near(
      "three neighbours each: algebraic connectivity",
      algebraicConnectivity(graph),
      smallest,
      rounding,
    ),
  ];
}
