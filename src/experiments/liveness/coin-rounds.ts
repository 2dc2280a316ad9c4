/** Ben-Or's protocol many times: how many rounds there are until the first member decides. */

import { choiceParameter, type ValuesOf, wholeParameter } from "../../primitives/parameter.ts";
import { benOr } from "../../protocols/ben-or/ben-or.ts";
import { benOrRoundsMean, benOrWorstMean } from "../../theory/ben-or.ts";
import { addSample, noSamples } from "../../theory/statistics.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";
import { randomSchedule, roundsToDecision, worstSchedule } from "./lockstep.ts";

const parameters = {
  nodes: wholeParameter("members, of which half propose 1", { min: 2, max: 15, initial: 5 }),
  schedule: choiceParameter(
    "whose messages a member receives first: any, or the worst choice",
    ["random", "worst"],
    "random",
  ),
};

/** A mean of so many rounds is far beyond all that the bounds of `nodes` allow. */
const roundsMax = 1_000_000;
/** What one thread does at a time: so many steps of members. */
const batchSteps = 400_000;

export const coinRounds = defineExperiment<typeof parameters>({
  id: "coin-rounds",
  code: "L7",
  group: "liveness",
  title: "Rounds until coins decide",
  claim: "Where no deterministic protocol must end, members that toss coins end with certainty.",
  lines: "L383",
  measure: "the mean number of rounds until the first member decides",
  source: "a Markov chain over the count of ones; at worst 1 + 2^(n−1): all coins fall alike",
  refuses: "a number of rounds that does not grow with the members",
  parameters,
  units: { name: "runs", summary: "how many decisions", initial: 4_000, max: 1_000_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [["--nodes 5 --schedule worst", "the schedule that hinders it most"]],
  table: { varies: { nodes: [3, 4, 5, 7, 9] } },
  quick: {
    values: [
      { nodes: 3, schedule: "worst" },
      { nodes: 5, schedule: "random" },
    ],
    units: 4_000,
  },
  batchUnits: (values) => {
    const steps = values.nodes ** 2 * expectedRounds(values);
    return Math.max(2, Math.floor(batchSteps / steps));
  },
  prepare: () => addRounds,
  expected: expectedRounds,
  beside: () => ({}),
});

function expectedRounds({ nodes, schedule }: ValuesOf<typeof parameters>): number {
  if (schedule === "worst") return benOrWorstMean(nodes);
  return benOrRoundsMean(nodes, Math.floor(nodes / 2));
}

const addRounds: RunPortion<ValuesOf<typeof parameters>> = (values, { count, random }) => {
  const protocol = benOr();
  const schedule = values.schedule === "worst" ? worstSchedule : randomSchedule;
  let sums = noSamples;
  for (let run = 0; run < count; run++) {
    const { nodes } = values;
    const rounds = roundsToDecision({ protocol, nodes, schedule, random, roundsMax });
    sums = addSample(sums, rounds ?? Infinity, 1);
  }
  return { type: "ratio", sums };
};
