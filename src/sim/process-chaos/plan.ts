/** The plan of chaos for processes that follows from a seed: links, faults, and who stays down. */

import { createRandom, type Random } from "../../primitives/random.ts";
import { behavioursOf, protocolNamed } from "../../protocols/catalogue.ts";
import { inOrder } from "../engine/faults-draw.ts";
import type { LinkConditions } from "../engine/link.ts";
import { edgesOf, type Topology } from "../engine/topology.ts";
import type { ProcessFault, ProcessTurn } from "../process-world/byzantine.ts";
import type { ProcessNetwork } from "../process-world/process-world.ts";
import { drawProcessFaults, throttlesOf } from "./faults-draw.ts";

export type ProcessPlan = {
  readonly seed: number | string;
  readonly network: ProcessNetwork;
  readonly faults: readonly ProcessFault[];
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
  const turns = drawTurns(random.fork("byzantine"), names, options.protocol);
  const isSigned = protocolNamed(options.protocol)?.byzantineMax !== undefined;
  const throttles = isSigned ? throttlesOf.signed : throttlesOf.plain;
  const drawOptions = {
    ...{ random: random.fork("faults"), names, edges, throttles },
    durationMs: safetyMs,
  };
  return {
    seed,
    network: { names, edges, conditions },
    faults: inOrder([...drawProcessFaults(drawOptions), ...turns]),
    downAtLast: drawDown(random.fork("down"), names, options.protocol, {
      graph,
      byzantine: turns.map(({ node }) => node),
    }),
  };
}

/** Up to as many as the protocol tolerates, from a stream of their own. */
function drawTurns(
  random: Random,
  names: readonly string[],
  protocol: string,
): readonly ProcessTurn[] {
  const entry = protocolNamed(protocol);
  const countMax = entry?.byzantineMax?.(names.length) ?? 0;
  if (entry === undefined || countMax === 0) return [];
  const left = [...names];
  // Most of the time as many as it may be: fewer are easier.
  const count = Math.min(countMax, random.nextBelow(countMax + 3));
  return Array.from({ length: count }, () => {
    const node = left.splice(random.nextBelow(left.length), 1)[0] as string;
    const by = random.pick(behavioursOf(entry)).name;
    const isFromStart = random.nextBelow(2) === 0;
    const atMs = isFromStart ? 0 : Math.floor(random.nextFloat() * safetyMs);
    return { atMs, lastsMs: 0, verb: "turn-byzantine", node, by };
  });
}

function drawConditions(random: Random): LinkConditions {
  const latencyMinMs = random.pick([2, 10, 50]);
  return { latencyMinMs, jitterMs: random.pick([1, 10, 40]), loss: random.pick([0, 0, 0.01]) };
}

/**
 * Less than half, or as many as may be byzantine less those that are; and only where those that stay
 * up can reach each other without them.
 */
function drawDown(
  random: Random,
  names: readonly string[],
  protocol: string,
  { graph, byzantine }: { readonly graph: Topology; readonly byzantine: readonly string[] },
): readonly string[] {
  if (graph.type !== "complete" || needAll.includes(protocol)) return [];
  const tolerated = protocolNamed(protocol)?.byzantineMax?.(names.length);
  const countMax =
    tolerated === undefined ? Math.floor((names.length - 1) / 2) : tolerated - byzantine.length;
  const left = names.filter((name) => !byzantine.includes(name));
  return Array.from({ length: countMax }, () => {
    return left.splice(random.nextBelow(left.length), 1)[0] as string;
  });
}
