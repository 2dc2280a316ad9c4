/** A random network whose nodes fail, at random or the best linked first: what stays in one piece. */

import {
  choiceParameter,
  shareParameter,
  type ValuesOf,
  wholeParameter,
} from "../../primitives/parameter.ts";
import type { Random } from "../../primitives/random.ts";
import { Graph } from "../../sim/crowd/graph.ts";
import { largestPart } from "../../theory/percolation.ts";
import { addSample, noSamples } from "../../theory/statistics.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";

const parameters = {
  failing: choiceParameter(
    "which nodes fail: random, or most-linked (those with most neighbours first)",
    ["random", "most-linked"],
    "random",
  ),
  share: shareParameter("the part of the nodes that fail", { min: 0, max: 0.99, initial: 0.8 }),
  nodes: wholeParameter("nodes of the network", { min: 100, max: 20_000, initial: 4_000 }),
  calls: wholeParameter("others that each node calls", { min: 1, max: 20, initial: 8 }),
};

type Chosen = ValuesOf<typeof parameters>;

export const failures = defineExperiment<typeof parameters>({
  id: "node-failures",
  code: "G5",
  group: "graph",
  title: "Nodes that fail",
  claim: "Nodes crash and networks split: a random graph stays whole until few nodes are left.",
  lines: "L23,32",
  measure: "the largest piece's part of the nodes that are left",
  source: "Callaway et al. 2000, for infinitely many nodes; with 8 calls it ends near 1 − 1/15.5",
  refuses: "a network that falls apart in proportion to what fails",
  parameters,
  units: { name: "runs", summary: "how many networks", initial: 100, max: 100_000 },
  // Near the share at which it falls apart, a finite network is a few hundredths off.
  tolerance: { type: "difference", max: 0.05 },
  examples: [["--failing most-linked --share 0.85", "the best linked nodes fail first"]],
  table: {
    varies: { failing: ["random", "most-linked"], share: [0.5, 0.7, 0.8, 0.85, 0.9] },
  },
  quick: {
    values: [{ share: 0.9 }, { share: 0.85, failing: "most-linked" }],
    units: 20,
  },
  batchUnits: () => 10,
  prepare: () => measureParts,
  expected: ({ failing, share, calls }) => largestPart(calls, share, failing),
  beside: () => ({}),
});

const measureParts: RunPortion<Chosen> = (
  { failing, share, nodes, calls },
  { count, random, first },
) => {
  let sums = noSamples;
  for (let run = 0; run < count; run++) {
    const own = random.fork(`network ${first + run}`);
    const graph = Graph.byCalls(Array<number>(nodes).fill(calls), own.fork("links"));
    const failed = Math.round(share * nodes);
    const order = failureOrder(graph, failing, own.fork("failures"));
    sums = addSample(sums, largestPiece(graph, order.slice(failed)) / (nodes - failed), 1);
  }
  return { type: "ratio", sums };
};

/** All nodes, those that fail first at the beginning; equally good ones in a random order. */
function failureOrder(graph: Graph, failing: Chosen["failing"], random: Random): readonly number[] {
  const order = Array.from({ length: graph.size }, (_, node) => ({
    node,
    key: random.nextFloat(),
  }));
  const linksOf = (node: number) => (failing === "random" ? 0 : graph.neighboursOf(node).length);
  order.sort((a, b) => linksOf(b.node) - linksOf(a.node) || a.key - b.key);
  return order.map(({ node }) => node);
}

/** Of the graph of these nodes, without all others. */
function largestPiece(graph: Graph, left: readonly number[]): number {
  const isWaiting = new Uint8Array(graph.size);
  for (const node of left) isWaiting[node] = 1;
  let largest = 0;
  for (const start of left) {
    if (isWaiting[start] === 0) continue;
    isWaiting[start] = 0;
    const piece = [start];
    for (const node of piece) {
      for (const next of graph.neighboursOf(node)) {
        if (isWaiting[next] === 0) continue;
        isWaiting[next] = 0;
        piece.push(next);
      }
    }
    largest = Math.max(largest, piece.length);
  }
  return largest;
}
