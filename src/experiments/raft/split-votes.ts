/** One term of an election, many times: how often no candidate gets a majority. */

import {
  decimalParameter,
  shareParameter,
  type ValuesOf,
  wholeParameter,
} from "../../primitives/parameter.ts";
import type { Random } from "../../primitives/random.ts";
import { splitVoteProbability } from "../../theory/elections.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";
import type { Tally } from "../engine/tally.ts";
import { ElectionRacer } from "./election-race.ts";

/** So many units of time are the range of the time-outs: ties by rounding are rare. */
const range = 1_000_000;

const counts = {
  nodes: wholeParameter("how many vote, those that are down among them", {
    ...{ min: 2, max: 15, initial: 5 },
  }),
  available: wholeParameter("how many of them are up", { min: 1, max: 15, initial: 4 }),
};

/** A race of one term whose time-outs are drawn from a range that begins far beyond all latencies. */
function countSplits(
  { nodes, available }: { readonly nodes: number; readonly available: number },
  drawLatency: () => number,
  { count, random }: { readonly count: number; readonly random: Random },
): Tally {
  const times = { timeoutMin: 10 * range, timeoutMax: 11 * range };
  const race = { nodes, available: Math.min(available, nodes), ...times, drawLatency, termMax: 1 };
  const racer = new ElectionRacer(race, random);
  let successes = 0;
  for (let run = 0; run < count; run++) if (racer.run().electedAt === undefined) successes += 1;
  return { type: "count", runs: count, successes };
}

const constant = {
  ...counts,
  latency: shareParameter("what a message takes, as a part of the range of time-outs", {
    ...{ min: 0, max: 1, initial: 0.1 },
  }),
};

const countWithConstant: RunPortion<ValuesOf<typeof constant>> = (values, portion) => {
  return countSplits(values, () => values.latency * range, portion);
};

/** More than so many runs are asked for where votes split this rarely. */
const rareLatency = 0.05;

export const splitVotes = defineExperiment<typeof constant>({
  id: "split-votes",
  code: "R2",
  group: "Raft",
  title: "Split votes",
  claim: "Random time-outs make ties rare, not impossible: votes split as latency grows.",
  lines: "L92",
  measure: "the part of the terms in which no candidate gets a majority",
  source: "the sum over binomials of Ongaro's dissertation, 2014, chapter 9",
  refuses: "votes that never split",
  parameters: constant,
  units: { name: "runs", summary: "how many terms", initial: 100_000, max: 10_000_000 },
  tolerance: { type: "standard-errors", max: 3 },
  examples: [["--nodes 5 --available 4 --latency 0.2", "one of five is down, far away"]],
  table: {
    varies: { latency: [0.01, 0.1, 0.2], available: [4, 3] },
    unitsOf: ({ latency }, units) => (latency < rareLatency ? 5 * units : units),
  },
  quick: { values: [{ latency: 0.1 }], units: 40_000 },
  batchUnits: () => 10_000,
  prepare: () => countWithConstant,
  expected: ({ nodes, available, latency }) => {
    return splitVoteProbability({ nodes, available: Math.min(available, nodes) }, latency);
  },
  beside: () => ({}),
});

const variable = {
  ...counts,
  latencyMin: decimalParameter("what a message takes at least, as a part of the range", {
    ...{ min: 0, max: 1, initial: 0.1 },
  }),
  latencyMax: decimalParameter("what a message takes at most, as a part of the range", {
    ...{ min: 0, max: 1, initial: 0.2 },
  }),
};

const countWithVariable: RunPortion<ValuesOf<typeof variable>> = (values, portion) => {
  const { latencyMin: least, latencyMax: most } = values;
  const span = Math.max(0, most - least);
  const drawLatency = (): number => (least + span * portion.random.nextFloat()) * range;
  return countSplits(values, drawLatency, portion);
};

/** By a model of elections in 20 lines, of 100,000 terms; the dissertation says about 16 and 40 %. */
const published: Readonly<Record<number, number>> = { 4: 0.164, 3: 0.387 };

export const variableLatency = defineExperiment<typeof variable>({
  id: "split-votes-variable",
  code: "R3",
  group: "Raft",
  title: "Split votes with variable latency",
  claim: "When latency varies, votes split more often than at its mean: requests overtake others.",
  lines: "L92",
  measure: "the part of the terms in which no candidate gets a majority",
  source: "Ongaro's dissertation, chapter 9: about 16 %, and nearly 40 % with two down",
  refuses: "a share that is off by more than 1.5 points",
  parameters: variable,
  units: { name: "runs", summary: "how many terms", initial: 100_000, max: 10_000_000 },
  tolerance: { type: "difference", max: 0.015 },
  examples: [["--available 3", "two of five are down"]],
  table: { varies: { available: [4, 3] } },
  quick: { values: [{ available: 4 }, { available: 3 }], units: 20_000 },
  batchUnits: () => 10_000,
  prepare: () => countWithVariable,
  expected: ({ nodes, available, latencyMin, latencyMax }) => {
    const isPublished = nodes === 5 && latencyMin === 0.1 && latencyMax === 0.2;
    return isPublished ? published[available] : undefined;
  },
  beside: ({ nodes, available, latencyMin, latencyMax }) => {
    const latency = (latencyMin + Math.max(latencyMin, latencyMax)) / 2;
    const election = { nodes, available: Math.min(available, nodes) };
    return { atMeanLatency: splitVoteProbability(election, latency) };
  },
});
