/** Time-outs of followers that began together, many times: when the first of them ends. */

import { choiceParameter, type ValuesOf, wholeParameter } from "../../primitives/parameter.ts";
import { firstTimeoutBy, firstTimeoutMean } from "../../theory/elections.ts";
import { addSample, noSamples } from "../../theory/statistics.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";
import { ElectionRacer } from "./election-race.ts";

/** So many units of time are the range of the time-outs. */
const range = 1_000_000;

const quarter = 1 / 4;

const parameters = {
  followers: wholeParameter("how many time-outs run", { min: 2, max: 30, initial: 4 }),
  figure: choiceParameter(
    "mean: of the first one; quarter: how often it ends in the first quarter",
    ["mean", "quarter"],
    "mean",
  ),
};

type Chosen = ValuesOf<typeof parameters>;

export const firstTimeout = defineExperiment<typeof parameters>({
  id: "first-timeout",
  code: "R5",
  group: "Raft",
  title: "The first time-out",
  claim: "Of s random time-outs the first ends at 1/(s + 1) of their range.",
  lines: "L90-93",
  measure: "when the first time-out ends, or how often in a quarter, as parts of the range",
  source: "order statistics: 1/(s + 1), and 1 − (3/4)^s in the first quarter",
  refuses: "a first time-out in the middle of the range",
  parameters,
  units: { name: "runs", summary: "how many elections", initial: 50_000, max: 10_000_000 },
  tolerance: { type: "standard-errors", max: 3 },
  examples: [["--followers 8", "the others of nine"]],
  table: { varies: { figure: ["mean", "quarter"], followers: [2, 3, 4, 5, 6, 7, 8] } },
  quick: { values: [{ figure: "mean" }, { figure: "quarter" }], units: 20_000 },
  batchUnits: () => 10_000,
  prepare: () => timeFirst,
  expected: ({ followers, figure }) => {
    return figure === "mean" ? firstTimeoutMean(followers) : firstTimeoutBy(followers, quarter);
  },
  beside: () => ({}),
});

const timeFirst: RunPortion<Chosen> = ({ followers, figure }, { count, random }) => {
  const times = { timeoutMin: range, timeoutMax: 2 * range, drawLatency: () => 0 };
  const race = { nodes: followers + 1, available: followers, ...times, termMax: 0 };
  const racer = new ElectionRacer(race, random);
  let sums = noSamples;
  let successes = 0;
  for (let run = 0; run < count; run++) {
    const part = (racer.run().firstTimeout - range) / range;
    sums = addSample(sums, part, 1);
    if (part <= quarter) successes += 1;
  }
  return figure === "mean" ? { type: "ratio", sums } : { type: "count", runs: count, successes };
};
