/** Which nodes of a world are linked with which: graphs by name, random or from a file. */

import type { Random } from "../../primitives/random.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { LinkConditions } from "./link.ts";

/** A link between the nodes at two positions. */
export type Edge = readonly [number, number];

export const topologyNames = [
  "complete",
  "line",
  "ring",
  "star",
  "tree",
  "grid",
  "regular",
] as const;
export type TopologyName = (typeof topologyNames)[number];

export type Topology =
  | { readonly type: TopologyName }
  | {
      readonly type: "drawn";
      readonly count: number;
      readonly edges: readonly Edge[];
      /** One for each edge; undefined where the user of the graph chooses. */
      readonly conditions?: readonly (LinkConditions | undefined)[];
      /** One for each node. */
      readonly names?: readonly string[];
    };

/** Of a random regular graph; so every node has as many neighbours, none of them chosen. */
const degree = 3;

/** The links among so many nodes. A drawn topology says itself how many there are. */
export function edgesOf(topology: Topology, count: number, random: Random): readonly Edge[] {
  switch (topology.type) {
    case "complete":
      return positions(count).flatMap((a) => positions(a).map((b): Edge => [b, a]));
    case "line":
      return positions(count - 1).map((a): Edge => [a, a + 1]);
    case "ring":
      if (count < 3) return edgesOf({ type: "complete" }, count, random);
      return positions(count).map((a): Edge => [a, (a + 1) % count]);
    case "star":
      return positions(count - 1).map((a): Edge => [0, a + 1]);
    case "tree":
      // Each node but the first is linked to one before it, so that every node has at most two
      // below.
      return positions(count - 1).map((a): Edge => [Math.floor(a / 2), a + 1]);
    case "grid":
      return gridEdges(count);
    case "regular":
      return regularEdges(count, random);
    case "drawn":
      return topology.edges;
    default:
      return unreachable(topology);
  }
}

/** Rows as long as there are rows, or one longer; the last one may be shorter. */
function gridEdges(count: number): readonly Edge[] {
  const width = Math.ceil(Math.sqrt(count));
  return positions(count).flatMap((at) => {
    const right: Edge[] = (at + 1) % width === 0 || at + 1 >= count ? [] : [[at, at + 1]];
    const below: Edge[] = at + width >= count ? [] : [[at, at + width]];
    return [...right, ...below];
  });
}

const attemptsMax = 1_000;

/**
 * Every node with three neighbours, by pairing stubs at random until the graph is simple and in one
 * piece; an odd number of nodes leaves one with two. Few nodes are all linked.
 *
 * @see Wormald, Models of random regular graphs, 1999: the pairing model
 */
function regularEdges(count: number, random: Random): readonly Edge[] {
  if (count <= degree + 1) return edgesOf({ type: "complete" }, count, random);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const stubs = positions(count).flatMap((a) => Array.from({ length: degree }, () => a));
    const edges: Edge[] = [];
    while (stubs.length > 1) edges.push([takeOne(stubs, random), takeOne(stubs, random)]);
    if (isSimple(edges) && isConnected(positions(count), edges)) return edges;
  }
  throw new Error(`no regular graph of ${count} nodes after ${attemptsMax} attempts`);
}

function takeOne(stubs: number[], random: Random): number {
  const [taken] = stubs.splice(random.nextBelow(stubs.length), 1);
  return taken as number;
}

function isSimple(edges: readonly Edge[]): boolean {
  const names = edges.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`);
  return edges.every(([a, b]) => a !== b) && new Set(names).size === edges.length;
}

/** True if these nodes reach each other without the others. */
export function isConnected(group: readonly number[], edges: readonly Edge[]): boolean {
  const waiting = new Set(group);
  const reached = group.slice(0, 1);
  for (const at of reached) {
    waiting.delete(at);
    for (const [a, b] of edges) {
      const next = a === at ? b : b === at ? a : undefined;
      if (next !== undefined && waiting.delete(next)) reached.push(next);
    }
  }
  return waiting.size === 0;
}

/** True if every node reaches every other. */
export function isInOnePiece(count: number, edges: readonly Edge[]): boolean {
  return isConnected(positions(count), edges);
}

function positions(count: number): readonly number[] {
  return Array.from({ length: count }, (_, position) => position);
}
