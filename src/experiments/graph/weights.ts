/** Miners in a random network: whether their hash power or their links bring them blocks. */

import { regtest } from "../../consensus/params.ts";
import {
  choiceParameter,
  decimalParameter,
  type ValuesOf,
  wholeParameter,
} from "../../primitives/parameter.ts";
import type { Random } from "../../primitives/random.ts";
import { Crowd } from "../../sim/crowd/crowd.ts";
import { Graph } from "../../sim/crowd/graph.ts";
import { genesisNumber, Ledger } from "../../sim/crowd/ledger.ts";
import { MiningRace } from "../../sim/crowd/mining-race.ts";
import { Wheel } from "../../sim/crowd/wheel.ts";
import { addSample, noSamples } from "../../theory/statistics.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";

const parameters = {
  figure: choiceParameter(
    "power: the slope of blocks over the share of hash power; links: over that of all links",
    ["power", "links"],
    "power",
  ),
  nodes: wholeParameter("miners in the network", { min: 10, max: 200, initial: 40 }),
  delay: decimalParameter("of one link, in block intervals", { min: 0, max: 0.05, initial: 0.001 }),
};

type Chosen = ValuesOf<typeof parameters>;

const intervalMs = 600_000;
/** Of one network: enough that stale blocks and links could matter. */
const blocksEach = 500;
const callsMax = 8;

export const weights = defineExperiment<typeof parameters>({
  id: "power-not-links",
  code: "G8",
  group: "graph",
  title: "Weighted by hash power",
  claim: "The graph of miners is weighted by hash rate: a weight of vertices, not of links.",
  lines: "L340",
  measure: "the slope of the part of the blocks that each miner finds on the active branch",
  source: "definition: blocks are found in proportion to power; links do not matter if fast",
  refuses: "blocks that go to the best linked, or equally to all",
  parameters,
  units: { name: "runs", summary: "how many networks of 500 blocks", initial: 100, max: 10_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [["--figure links", "whether links bring blocks"]],
  table: { varies: { figure: ["power", "links"] } },
  quick: { values: [{ figure: "power" }, { figure: "links" }], units: 20 },
  batchUnits: () => 5,
  prepare: () => measureSlopes,
  expected: ({ figure }) => (figure === "power" ? 1 : 0),
  beside: () => ({}),
});

const measureSlopes: RunPortion<Chosen> = ({ figure, nodes, delay }, { count, random, first }) => {
  let sums = noSamples;
  for (let run = 0; run < count; run++) {
    const own = random.fork(`network ${first + run}`);
    // Some call one other, some eight; power has nothing to do with it.
    const calls = Array.from({ length: nodes }, () => 1 + own.nextBelow(callsMax));
    const graph = Graph.byCalls(calls, own.fork("links"));
    const powers = Array.from({ length: nodes }, () => own.nextExponential(1));
    const blocks = mine(graph, powers, delay * intervalMs, own);
    const links = powers.map((_, node) => graph.neighboursOf(node).length);
    const [powerSlope, linkSlope] = slopesOf(partsOf(blocks), partsOf(powers), partsOf(links));
    sums = addSample(sums, figure === "power" ? powerSlope : linkSlope, 1);
  }
  return { type: "ratio", sums };
};

/** An event's kind besides "heard". */
const found = 0;
const heard = 1;

/** @returns how many blocks of the active branch each miner has found. */
function mine(
  graph: Graph,
  powers: readonly number[],
  delayMs: number,
  random: Random,
): readonly number[] {
  const wheel = new Wheel();
  const ledger = new Ledger(regtest);
  const race = new MiningRace(powers, intervalMs, random.fork("mining"));
  const miners: number[] = [];
  const crowd = new Crowd(graph.size, blocksEach, ledger, (node, block) => {
    for (const next of graph.neighboursOf(node)) wheel.add(Math.ceil(delayMs), heard, next, block);
  });
  wheel.add(race.drawDelayMs(), found, 0, 0);
  wheel.run((kind, node, block) => {
    if (kind === heard) {
      crowd.accept(node, block);
      return;
    }
    const miner = race.drawWinner();
    const own = ledger.mine(crowd.tipOf(miner), wheel.now);
    miners[own] = miner;
    crowd.accept(miner, own);
    if (own < blocksEach) wheel.add(race.drawDelayMs(), found, 0, 0);
  }, Infinity);
  const counts = powers.map(() => 0);
  for (let at = crowd.tipOf(0); at !== genesisNumber; at = ledger.parentOf(at)) {
    const miner = miners[at] as number;
    counts[miner] = (counts[miner] ?? 0) + 1;
  }
  return counts;
}

/** Of the whole. */
function partsOf(values: readonly number[]): readonly number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

/** Least squares over two variables and a constant. */
function slopesOf(
  y: readonly number[],
  a: readonly number[],
  b: readonly number[],
): readonly [number, number] {
  const [aa, ab, bb] = [covariance(a, a), covariance(a, b), covariance(b, b)];
  const [ay, by] = [covariance(a, y), covariance(b, y)];
  const determinant = aa * bb - ab ** 2;
  return [(ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant];
}

/** Up to a factor that all share. */
function covariance(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, value, at) => sum + (value - meanA) * ((b[at] ?? 0) - meanB), 0);
}
