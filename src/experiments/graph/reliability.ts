/** Graphs whose links lose messages, many times: whether all vertices, or two of them, are joined. */

import type { Milliseconds, PeerId } from "../../primitives/brand.ts";
import { choiceParameter, shareParameter, type ValuesOf } from "../../primitives/parameter.ts";
import type { Random } from "../../primitives/random.ts";
import { Clock } from "../../sim/engine/clock.ts";
import { Links } from "../../sim/engine/links.ts";
import {
  allTerminalReliability,
  areEndsTogether,
  bridge,
  complete,
  countComponents,
  type Graph,
  ring,
  star,
  twoTerminalReliability,
} from "../../theory/graph.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";

const graphs = {
  bridge,
  k4: complete(4),
  k5: complete(5),
  ring5: ring(5),
  star5: star(5),
} as const;

const parameters = {
  graph: choiceParameter(
    "bridge (the first and the last of four), or all of k4, k5, ring5, star5",
    ["bridge", "k4", "k5", "ring5", "star5"],
    "bridge",
  ),
  delivery: shareParameter("what each link delivers", { min: 0, max: 1, initial: 0.9 }),
};

type Chosen = ValuesOf<typeof parameters>;

export const reliability = defineExperiment<typeof parameters>({
  id: "reliability",
  code: "G4",
  group: "graph",
  title: "Reliability of graphs",
  claim: "What a graph delivers follows from its links: edges have a probability of delivery.",
  lines: "L14-46",
  measure: "the part of the rounds in which they are joined by links that delivered",
  source: "all 2^E states of the edges, each with its probability",
  refuses: "a graph that delivers as much as one of its links",
  parameters,
  units: { name: "runs", summary: "how many rounds", initial: 100_000, max: 10_000_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [["--graph k4 --delivery 0.5", "four that all know each other, on bad links"]],
  table: { varies: { delivery: [0.5, 0.9], graph: ["bridge", "k4", "k5", "ring5", "star5"] } },
  quick: { values: [{ graph: "bridge" }, { graph: "ring5" }], units: 20_000 },
  batchUnits: () => 10_000,
  prepare: () => countJoined,
  expected: ({ graph, delivery }) => {
    return graph === "bridge"
      ? twoTerminalReliability(bridge, delivery)
      : allTerminalReliability(graphs[graph], delivery);
  },
  beside: () => ({}),
});

const countJoined: RunPortion<Chosen> = ({ graph, delivery }, { count, random }) => {
  const rounds = new LossyGraph(graphs[graph], 1 - delivery, random);
  let successes = 0;
  for (let run = 0; run < count; run++) {
    const delivered = rounds.next();
    const isJoined =
      graph === "bridge" ? areEndsTogether(delivered) : countComponents(delivered) === 1;
    if (isJoined) successes += 1;
  }
  return { type: "count", runs: count, successes };
};

/** The simulator's links, each of which is sent one message a round. */
class LossyGraph {
  readonly #graph: Graph;
  readonly #clock = new Clock(0 as Milliseconds);
  readonly #links: Links;

  constructor(graph: Graph, loss: number, random: Random) {
    this.#graph = graph;
    this.#links = new Links(this.#clock, random, {
      opened: () => undefined,
      closed: () => undefined,
    });
    for (let vertex = 0; vertex < graph.vertices; vertex++) this.#links.arrive(nameOf(vertex));
    for (const [a, b] of graph.edges) {
      this.#links.connect(nameOf(a), nameOf(b), { latencyMinMs: 1, jitterMs: 0, loss });
    }
  }

  /** The edges whose message arrived. */
  next(): Graph {
    const edges: (readonly [number, number])[] = [];
    for (const edge of this.#graph.edges) {
      const [a, b] = edge;
      this.#links.between(nameOf(a), nameOf(b))?.cross(nameOf(a), 1, () => edges.push(edge));
    }
    this.#clock.pass(1);
    return { vertices: this.#graph.vertices, edges };
  }
}

function nameOf(vertex: number): PeerId {
  return `n${vertex}` as PeerId;
}
