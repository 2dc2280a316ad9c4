/** The plan of chaos for processes that follows from a seed: links, faults, and who stays down. */

import { createRandom, type Random } from "../../primitives/random.ts";
import type { Fault } from "../engine/faults.ts";
import type { LinkConditions } from "../engine/link.ts";
import { edgesOf, type Topology } from "../engine/topology.ts";
import type { ProcessNetwork } from "../process-world/process-world.ts";
import { drawProcessFaults } from "./faults-draw.ts";

export type ProcessPlan = {
  readonly seed: number | string;
  readonly network: ProcessNetwork;
  readonly faults: readonly Fault[];
  /** Down while it is shown that the others go on: as many as the protocol promises to tolerate. */
  readonly downAtLast: readonly string[];
};

/** How long faults go on beginning, after a calm start. */
export const safetyMs = 60_000;

/** Most networks are complete: on the others a crash of one process may part the rest. */
const topologyNames = ["complete", "complete", "complete", "ring", "regular"] as const;

/** Protocols that stop when one process is down, whichever that is. */
const needAll: readonly string[] = [
  "single-copy",
  "two-phase-commit",
  "two-phase-commit-cooperative",
  "three-phase-commit",
];

export type PlanOptions = {
  /** The protocol's name. */
  readonly protocol: string;
  readonly nodes: number;
  /** Drawn if left out. */
  readonly topology?: Topology | undefined;
};

export function planProcessChaos(seed: number | string, options: PlanOptions): ProcessPlan {
  const random = createRandom(seed).fork("plan");
  const graph = options.topology ?? { type: random.pick(topologyNames) };
  const drawn = graph.type === "drawn" ? graph : undefined;
  const count = drawn?.count ?? options.nodes;
  const names = drawn?.names ?? Array.from({ length: count }, (_, at) => `n${at + 1}`);
  const edges = edgesOf(graph, count, random.fork("edges"));
  const conditions = edges.map((_, at) => drawn?.conditions?.[at] ?? drawConditions(random));
  const drawOptions = { random: random.fork("faults"), names, edges, durationMs: safetyMs };
  return {
    seed,
    network: { names, edges, conditions },
    faults: drawProcessFaults(drawOptions),
    downAtLast: drawDown(random.fork("down"), names, options.protocol, graph),
  };
}

function drawConditions(random: Random): LinkConditions {
  const latencyMinMs = random.pick([2, 10, 50]);
  return { latencyMinMs, jitterMs: random.pick([1, 10, 40]), loss: random.pick([0, 0, 0.01]) };
}

/** Less than half, and only where those that stay up can reach each other without them. */
function drawDown(
  random: Random,
  names: readonly string[],
  protocol: string,
  graph: Topology,
): readonly string[] {
  if (graph.type !== "complete" || needAll.includes(protocol)) return [];
  const countMax = Math.floor((names.length - 1) / 2);
  const left = [...names];
  return Array.from({ length: countMax }, () => {
    return left.splice(random.nextBelow(left.length), 1)[0] as string;
  });
}
