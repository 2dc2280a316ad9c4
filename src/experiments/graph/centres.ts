/** Who sends to whom, as a graph for each stretch of time: stars, and one whose centre moves. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { lastWriter } from "../../protocols/last-writer/last-writer.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { raft } from "../../protocols/raft/raft.ts";
import { twoPhaseCommit } from "../../protocols/two-phase-commit/two-phase-commit.ts";
import { degreeCentralisation, type Graph } from "../../theory/graph.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { ConstantWorld } from "../processes/constant-world.ts";

const parameters = {
  nodes: wholeParameter("processes", { min: 3, max: 15, initial: 5 }),
  crashes: wholeParameter("how often the leader crashes", { min: 1, max: 20, initial: 3 }),
};

const delayMs = 20;
/** Of a leader's heartbeats. */
const heartbeatMs = 300;
/** A stretch in which every follower hears its leader and answers. */
const stretchMs = 2 * heartbeatMs;
const electionMsMax = 60_000;

export const centres = defineExact<typeof parameters>({
  id: "centres",
  code: "G3",
  group: "graph",
  title: "A star whose centre moves",
  claim: "Raft is a star with a new centre after each crash, two-phase commit always the same.",
  lines: "L59,75-79",
  source: "definitions; Freeman's centralisation is 1 for a star and 0 where all are alike",
  parameters,
  examples: [["--nodes 9 --crashes 10", "more processes, more crashes"]],
  examine: ({ nodes, crashes }, seed) => [
    ...raftFindings(nodes, crashes, seed),
    ...fixedFindings("two-phase commit", twoPhaseCommit(), { nodes, seed, star: 1 }),
    ...fixedFindings("copies that all tell all", lastWriter, { nodes, seed, star: 0 }),
  ],
});

function raftFindings(nodes: number, crashes: number, seed: string): readonly Finding[] {
  const world = new ConstantWorld({ protocol: raft(), nodes, delayMs, seed });
  const rounds = Array.from({ length: crashes + 1 }, (_, at) => ledRound(world, at < crashes));
  const hubs = rounds.map(({ hub }) => hub);
  const changes = hubs.filter((hub, at) => at > 0 && hub !== hubs[at - 1]);
  const ones = rounds.map(() => 1).join(" ");
  const silences = rounds.flatMap(({ linksAfterCrash }) => linksAfterCrash ?? []);
  return [
    exactly("Raft with a leader: centralisation", rounds.map(({ star }) => star).join(" "), ones),
    exactly("Raft: its centres", hubs.join(" "), rounds.map(({ leader }) => leader).join(" ")),
    exactly("Raft: changes of the centre", changes.length, crashes),
    exactly("Raft: links in use after a crash, before a time-out", Math.max(...silences), 0),
  ];
}

type Round = {
  readonly leader: PeerId;
  readonly hub: string;
  readonly star: number;
  readonly linksAfterCrash?: number;
};

/** A leader is elected and leads for a while with all others; then it may crash. */
function ledRound(world: ConstantWorld, crashes: boolean): Round {
  world.runUntil(() => world.leader !== undefined, electionMsMax);
  const leader = world.leader as PeerId;
  world.runFor(5 * heartbeatMs);
  for (const name of world.names) if (!world.isUp(name)) world.restart(name);
  world.runFor(5 * heartbeatMs);
  const graph = graphBetween(world, world.nowMs - stretchMs, world.nowMs);
  const round = { leader, hub: hubOf(graph, world.names), star: degreeCentralisation(graph) };
  if (!crashes) return round;
  world.crash(leader);
  // What was under way arrives, and is answered.
  world.runFor(2 * delayMs + 1);
  const silentSinceMs = world.nowMs;
  world.runFor(stretchMs);
  const { edges } = graphBetween(world, silentSinceMs, world.nowMs);
  return { ...round, linksAfterCrash: edges.length };
}

type Fixed = { readonly nodes: number; readonly seed: string; readonly star: number };

/** Every process is asked for a write, one after the other. */
function fixedFindings(
  name: string,
  protocol: Protocol,
  { nodes, seed, star }: Fixed,
): readonly Finding[] {
  const world = new ConstantWorld({ protocol, nodes, delayMs, seed });
  for (const [at, process] of world.names.entries()) {
    const value = { type: "write", key: `k${at}`, value: at } as const;
    world.request(process, { client: `c${at}`, number: 1 }, value);
    world.runFor(10 * delayMs);
  }
  const graph = graphBetween(world, 0, world.nowMs);
  return [exactly(`${name}: centralisation`, degreeCentralisation(graph), star)];
}

/** Links on which something was sent from one time to another. */
function graphBetween({ sent, names }: ConstantWorld, fromMs: number, toMs: number): Graph {
  const edges = new Map<string, readonly [number, number]>();
  for (const { atMs, from, to } of sent) {
    if (atMs < fromMs || atMs >= toMs) continue;
    const ends = [names.indexOf(from), names.indexOf(to)].sort((a, b) => a - b);
    edges.set(ends.join(), ends as [number, number]);
  }
  return { vertices: names.length, edges: [...edges.values()] };
}

/** The one with the most links. */
function hubOf({ edges }: Graph, names: readonly PeerId[]): string {
  const degrees = names.map((_, at) => edges.filter((ends) => ends.includes(at)).length);
  return names[degrees.indexOf(Math.max(...degrees))] ?? "none";
}
