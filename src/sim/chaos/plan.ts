/**
 * The plan that follows from a seed: the nodes, their links, the links' conditions, and the faults.
 */

import { createRandom, type Random } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import type { ChainFault } from "../chain-world/chain-faults.ts";
import { defaultStart } from "../chain-world/chain-world.ts";
import { fakeSigner, fakeVerifier } from "../chain-world/fake-signature.ts";
import { type HeadStart, mineHeadStart } from "../chain-world/head-start.ts";
import { SimulatedWallet } from "../chain-world/simulated-wallet.ts";
import {
  drawClockFaults,
  drawFaults,
  drawMoreFaults,
  type DrawOptions,
  inOrder,
} from "../engine/faults-draw.ts";
import type { LinkConditions } from "../engine/link.ts";
import { type Edge, edgesOf, type Topology } from "../engine/topology.ts";
import { type ChaosNetwork, type ChaosRules, chaosRules } from "./rules.ts";
import { drawTurns } from "./turns-draw.ts";

export type ChaosPlan = {
  readonly seed: number | string;
  readonly names: readonly string[];
  /** Each node's part of the hash power. */
  readonly shares: readonly number[];
  readonly edges: readonly Edge[];
  /** One for each edge. */
  readonly conditions: readonly LinkConditions[];
  readonly faults: readonly ChainFault[];
};

/** How long faults go on beginning. */
export const safetyMs = 120_000;

/** Of every schedule that is drawn. */
const faultsMin = 5;

/** Drawn where none is asked for: in each of them most nodes can lose any one neighbour. */
const topologyNames = ["complete", "ring", "star", "regular"] as const;
const nodesMin = 5;
const nodesMax = 7;

/** @param topology drawn too if it is left out. */
export function planChaos(seed: number | string, topology?: Topology): ChaosPlan {
  const random = createRandom(seed).fork("plan");
  const graph = topology ?? { type: random.pick(topologyNames) };
  const drawnCount = nodesMin + random.nextBelow(nodesMax - nodesMin + 1);
  const count = graph.type === "drawn" ? graph.count : drawnCount;
  const given = graph.type === "drawn" ? graph : undefined;
  const names = given?.names ?? Array.from({ length: count }, (_, position) => `n${position + 1}`);
  const edges = edgesOf(graph, count, random.fork("edges"));
  const weights = names.map(() => 0.2 + random.nextFloat());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    seed,
    names,
    edges,
    shares: weights.map((weight) => weight / total),
    conditions: edges.map((_, at) => given?.conditions?.[at] ?? drawConditions(random)),
    faults: drawSchedule({ random: random.fork("faults"), names, edges, durationMs: safetyMs }),
  };
}

function drawSchedule(options: DrawOptions): readonly ChainFault[] {
  const faults = [...drawFaults(options), ...drawTurns(options), ...drawMoreFaults(options)];
  return inOrder([...faults, ...drawClockFaults(options, faultsMin - faults.length)]);
}

function drawConditions(random: Random): LinkConditions {
  const latencyMinMs = random.pick([10, 50, 200, 800]);
  return { latencyMinMs, jitterMs: random.pick([10, 100, 400]), loss: 0 };
}

/** What all seeds have in common: rules, wallets, and a chain that gives them their first coins. */
export type ChaosSetup = ChaosRules & {
  readonly network: ChaosNetwork;
  readonly verifier: SignatureVerifier;
  readonly wallets: readonly SimulatedWallet[];
  readonly headStart: HeadStart;
};

const walletsCount = 6;

export function setUpChaos(network: ChaosNetwork): ChaosSetup {
  const { params, intervalMs } = chaosRules[network];
  const random = createRandom("chaos").fork("purses");
  const wallets = Array.from({ length: walletsCount }, (_, position) => {
    return new SimulatedWallet(random.fork(String(position)), fakeSigner);
  });
  const [first, ...others] = wallets.map(({ script }) => script);
  if (first === undefined) throw new Error("there is a first wallet");
  const rich = [first, ...others];
  const verifier = fakeVerifier;
  const headStart = mineHeadStart({ params, verifier, start: defaultStart, rich, rest: first });
  return { network, params, intervalMs, verifier, wallets, headStart };
}
