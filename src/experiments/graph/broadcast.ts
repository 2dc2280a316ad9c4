/** One message for a whole network: by flooding along links, and by calls at random. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import { Graph } from "../../sim/crowd/graph.ts";
import { Wheel } from "../../sim/crowd/wheel.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atMost, exactly, type Finding } from "../engine/finding.ts";

const parameters = {
  nodes: wholeParameter("nodes of the largest network; the others have 100 and 1000", {
    ...{ min: 1_001, max: 20_000, initial: 6_000 },
  }),
  calls: wholeParameter("others that each node calls", { min: 3, max: 20, initial: 8 }),
  runs: wholeParameter("messages spread by calls, for the mean", {
    min: 1,
    max: 1_000,
    initial: 50,
  }),
};

/** For what Pittel calls O(1). */
const roundsMax = 3;

export const broadcast = defineExact<typeof parameters>({
  id: "broadcast",
  code: "G6",
  group: "graph",
  title: "One message for all",
  claim: "What one node tells is broadcast to all that are connected with it.",
  lines: "L320",
  source: "counting: 2E − (V − 1) by flooding; Pittel 1987: log2 n + ln n + O(1) rounds",
  parameters,
  quick: { nodes: 2_000, runs: 20 },
  examples: [["--nodes 20000 --calls 4", "a larger network, with fewer links"]],
  examine: ({ nodes, calls, runs }, seed) => {
    return [100, 1_000, nodes].flatMap((count) => {
      const random = createRandom(seed).fork(`${count} nodes`);
      return [...floodFindings(count, calls, random), callsFinding(count, runs, random)];
    });
  },
});

function floodFindings(nodes: number, calls: number, random: Random): readonly Finding[] {
  const whole = [...drawGraph(nodes, calls, random.fork("links")).links()];
  const told = flood(whole, nodes, random.fork("flood"));
  const half = Math.floor(nodes / 2);
  const [first, second] = ["first", "second"].map((piece) => {
    return [...drawGraph(half, calls, random.fork(piece)).links()];
  }) as [Link[], Link[]];
  const pieces = [...first, ...second.map(([a, b]): Link => [a + half, b + half])];
  const part = flood(pieces, 2 * half, random.fork("pieces"));
  return [
    exactly(`flooding ${nodes}: nodes that have it`, told.reached.size, nodes),
    exactly(`flooding ${nodes}: messages`, told.messages, 2 * whole.length - (nodes - 1)),
    exactly(`flooding ${2 * half} in two pieces: nodes that have it`, part.reached.size, half),
  ];
}

type Link = readonly [number, number];

function drawGraph(nodes: number, calls: number, random: Random): Graph {
  return Graph.byCalls(Array<number>(nodes).fill(calls), random);
}

type Flooded = { readonly reached: ReadonlySet<number>; readonly messages: number };

const delayMsMax = 100;

/** The first node begins; a node that receives it first tells all neighbours but the one that told it. */
function flood(links: readonly Link[], nodes: number, random: Random): Flooded {
  const neighbours: number[][] = Array.from({ length: nodes }, () => []);
  for (const [a, b] of links) {
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  const wheel = new Wheel();
  const reached = new Set<number>();
  let messages = 0;
  const tell = (node: number, except: number): void => {
    reached.add(node);
    for (const next of neighbours[node] ?? []) {
      if (next === except) continue;
      messages += 1;
      wheel.add(1 + random.nextBelow(delayMsMax), 0, node, next);
    }
  };
  tell(0, -1);
  wheel.run((_, from, to) => {
    if (!reached.has(to)) tell(to, from);
  }, Infinity);
  return { reached, messages };
}

function callsFinding(nodes: number, runs: number, random: Random): Finding {
  let rounds = 0;
  for (let run = 0; run < runs; run++) rounds += countRounds(nodes, random.fork(`calls ${run}`));
  const theory = Math.log2(nodes) + Math.log(nodes);
  const away = Math.abs(rounds / runs - theory);
  return atMost(
    `calls at random, ${nodes}: rounds away from ${theory.toFixed(1)}`,
    away,
    roundsMax,
  );
}

/** In each round everyone who knows it calls one of the others, any of them. */
function countRounds(nodes: number, random: Random): number {
  const knows = new Uint8Array(nodes);
  knows[0] = 1;
  const knowing = [0];
  let rounds = 0;
  while (knowing.length < nodes) {
    rounds += 1;
    for (const caller of knowing.slice()) {
      const other = random.nextBelow(nodes - 1);
      const called = other < caller ? other : other + 1;
      if (knows[called] === 1) continue;
      knows[called] = 1;
      knowing.push(called);
    }
  }
  return rounds;
}
