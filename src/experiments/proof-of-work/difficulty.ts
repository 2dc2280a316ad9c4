/** Miners who lie about the time: what becomes of the pace of blocks, by what counts as solve time. */

import { lab } from "../../consensus/params.ts";
import {
  type Parameter,
  shareParameter,
  type ValuesOf,
  wholeParameter,
} from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import { addSample, noSamples } from "../../theory/statistics.ts";
import { defineExperiment, type Picture, type RunPortion } from "../engine/experiment.ts";
import { pointsOf } from "../engine/picture.ts";
import type { Result } from "../engine/result.ts";
import { type Sheet, sheetOf } from "../engine/sheet.ts";
import {
  type MinedHeader,
  mineHeaders,
  type MiningTerms,
  type SolveTimeName,
  solveTimeNames,
  stampNames,
  waitSecondsMax,
} from "./timestamps.ts";

const parameters = {
  rule: nameParameter("what counts as solve time", solveTimeNames, "median"),
  stamps: nameParameter("the times that the attacker writes", stampNames, "earliest"),
  share: shareParameter("the attacker's part of the hash power", {
    min: 0,
    max: 0.99,
    initial: 0.3,
  }),
  pause: wholeParameter("seconds without miners every 500 blocks", {
    min: 0,
    max: waitSecondsMax,
    initial: 0,
  }),
};

/** A choice whose names are too many for one column of the help: its examples have them. */
function nameParameter<const Name extends string>(
  summary: string,
  names: readonly Name[],
  initial: Name,
): Parameter<Name> {
  const findProblem = (text: string) =>
    names.some((name) => name === text) ? undefined : `Choose one of ${names.join(", ")}.`;
  return { summary, form: { type: "text", placeholder: "name", findProblem }, initial };
}

type Chosen = ValuesOf<typeof parameters>;

const blocksBetweenPauses = 500;
const tableShares = [0.3, 0.45, 0.49] as const;

export const difficulty = defineExperiment<typeof parameters>({
  id: "difficulty",
  code: "D3",
  group: "proof of work",
  title: "Difficulty and time",
  claim:
    "No minority of the miners changes the pace of blocks by what it says of the time, if the " +
    "median counts.",
  lines: "L334",
  measure: "the mean seconds from block to block, a day for each that is not found any more",
  source: "steps of the median add up to the true time, less what bounds cut off",
  refuses: "a rule that takes raw timestamps, under which the pace changes",
  parameters,
  units: { name: "blocks", summary: "how many blocks", initial: 20_000, max: 10_000_000 },
  tolerance: { type: "ratio", max: 0.05 },
  examples: [
    ["--share 0.49", "just less than half of the miners"],
    ["--stamps random", "or latest, or what makes the next block harder or easier"],
    ["--rule raw", "raw times, bounded above only; or raw-12, raw-30, raw-0, median-60"],
    ["--pause 3600", "an hour without miners, again and again"],
    ["table", "six rules, three shares, greedy and random times"],
  ],
  table: {
    varies: { rule: solveTimeNames, share: tableShares, stamps: ["harder", "easier", "random"] },
    extras: () => [stepsSheet()],
  },
  batchUnits: () => 20_000,
  prepare: () => measurePace,
  expected: expectedSeconds,
  beside: () => ({}),
  picture,
});

/**
 * Of the lab's rule with a minority of miners that claim false times. Its steps make 500 spacings
 * on average between two pauses, of which a pause counts for as much as its bound lets it.
 */
function expectedSeconds({ rule, share, pause }: Chosen): number | undefined {
  if (rule !== "median" || share >= 0.5 || lab.difficulty.type !== "relative-asert") {
    return undefined;
  }
  const { spacingSeconds } = lab;
  const counted = Math.min(pause, lab.difficulty.solveTimeMaxSeconds - spacingSeconds);
  return spacingSeconds - counted / blocksBetweenPauses;
}

/** Samples are groups of blocks: neighbours depend on each other. */
const groupBlocks = 100;

const measurePace: RunPortion<Chosen> = ({ rule, share, stamps, pause }, { count, random }) => {
  const pauseBefore = (height: number) => (height % blocksBetweenPauses === 0 ? pause : 0);
  const headers = mineHeaders({ rule, share, stamps, pauseBefore }, random);
  let sums = noSamples;
  // The error of an estimate needs two samples.
  const groups = Math.max(Math.ceil(count / groupBlocks), 2);
  for (let group = 0; group < groups; group++) {
    let seconds = 0;
    for (let block = 0; block < groupBlocks; block++) {
      seconds += headers.next().value?.seconds ?? waitSecondsMax;
    }
    sums = addSample(sums, seconds, groupBlocks);
  }
  return { type: "ratio", sums };
};

/** What is tried once or a few times, with the same chance for every rule. */
function stepsSheet(): Sheet {
  return {
    title: "A clock 8 h ahead for one block, pauses, and a hash rate that changes",
    columns: ["rule", "after the clock", "pauses of 1 h, share 0.3", "rate × 10", "rate ÷ 10"],
    rows: solveTimeNames.map((rule) => [
      rule,
      afterWrongClock(rule),
      afterPauses(rule),
      blocksToFollow(rule, 10),
      blocksToFollow(rule, 0.1),
    ]),
  };
}

function firstHeaders(terms: MiningTerms, count: number, stream: string): MinedHeader[] {
  const headers: MinedHeader[] = [];
  for (const header of mineHeaders(terms, createRandom(1, stream))) {
    headers.push(header);
    if (headers.length === count) break;
  }
  return headers;
}

const stopped = "no block any more";
/** All is calm again before something happens at this height. */
const eventHeight = 300;

function afterWrongClock(rule: SolveTimeName): string {
  const clockErrorAt = (height: number) => (height === eventHeight ? 8 * 3600 : 0);
  const terms: MiningTerms = { rule, share: 0, stamps: "earliest", clockErrorAt };
  const headers = firstHeaders(terms, 2 * eventHeight, "clock");
  if (headers.length < 2 * eventHeight) return stopped;
  const highest = Math.max(...headers.slice(eventHeight).map((each) => each.difficulty));
  return `difficulty at most ${highest.toFixed(2)}`;
}

function afterPauses(rule: SolveTimeName): string {
  const count = 10_000;
  const pauseBefore = (height: number) => (height % blocksBetweenPauses === 0 ? 3600 : 0);
  const terms: MiningTerms = { rule, share: 0.3, stamps: "earliest", pauseBefore };
  const headers = firstHeaders(terms, count, "pauses");
  if (headers.length < count) return stopped;
  const seconds = headers.reduce((sum, each) => sum + each.seconds, 0);
  return `${(seconds / count).toFixed(2)} s`;
}

const followRuns = 15;

/** The median of some runs: blocks until the difficulty is right to within a tenth. */
function blocksToFollow(rule: SolveTimeName, factor: number): string {
  const hashrateAt = (height: number) => (height <= eventHeight ? 1 : factor);
  const terms: MiningTerms = { rule, share: 0, stamps: "earliest", hashrateAt };
  const counts = Array.from({ length: followRuns }, (_, run) => {
    const headers = firstHeaders(terms, 3 * eventHeight, `step ${run}`).slice(eventHeight);
    return headers.findIndex(({ difficulty: found }) => {
      return Math.abs(Math.log(found / factor)) < Math.log(1 / 0.9);
    });
  });
  counts.sort((a, b) => a - b);
  return `${counts[followRuns >> 1] ?? 0} blocks`;
}

function picture(results: readonly Result[]): Picture {
  const hardest = results.filter(({ values }) => values["stamps"] === "harder");
  return {
    text:
      "An attacker writes the times that make the next block the hardest. The line is the spacing " +
      "that is right. Under raw, the lab's former rule, a minority stops the network: those points " +
      "are far above the chart.",
    charts: [
      {
        title: "Seconds from block to block",
        x: { title: "the attacker's share", min: 0.25, max: 0.55, ticks: [...tableShares] },
        y: { title: "seconds", min: 0, max: 10, ticks: [0, 2, 4, 6, 8, 10] },
        series: solveTimeNames.map((rule) => {
          const some = hardest.filter(({ values }) => values["rule"] === rule);
          const line = [0.25, 0.55].map((x) => [x, lab.spacingSeconds] as const);
          return {
            name: rule,
            curve: rule === "median" ? line : [],
            points: pointsOf(some, "share", "pause", 0),
          };
        }),
      },
    ],
    sheets: [sheetOf("Mean seconds from block to block", results)],
  };
}
