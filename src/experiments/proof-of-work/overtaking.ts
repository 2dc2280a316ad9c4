/** An attacker with most of the hash power that begins some blocks behind: how long it takes. */

import { shareParameter, type ValuesOf, wholeParameter } from "../../primitives/parameter.ts";
import { addSample, noSamples } from "../../theory/statistics.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";

const parameters = {
  share: shareParameter("the attacker's part of the hash power", {
    min: 0.505,
    max: 0.999,
    initial: 0.6,
  }),
  behind: wholeParameter("so many blocks behind it begins", { min: 0, max: 1_000, initial: 6 }),
};

export const overtaking = defineExperiment<typeof parameters>({
  id: "overtaking",
  code: "A2",
  group: "proof of work",
  title: "Overtaking",
  claim: "A miner with more than half of the hash power overtakes any lead, the later the nearer.",
  lines: "L336,340",
  measure: "the mean number of blocks, of both, until the attacker is one ahead",
  source: "a random walk with a drift of 2q − 1: (behind + 1) / (2q − 1)",
  refuses: "a number of blocks that does not depend on the attacker's share",
  parameters,
  units: { name: "runs", summary: "how many races", initial: 20_000, max: 1_000_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [["--share 51% --behind 6", "just more than half"]],
  table: { varies: { share: [0.51, 0.55, 0.6, 0.75] } },
  quick: { values: [{ share: 0.6 }], units: 10_000 },
  batchUnits: () => 2_000,
  prepare: () => measureRaces,
  expected: ({ share, behind }) => (behind + 1) / (2 * share - 1),
  beside: () => ({}),
});

const measureRaces: RunPortion<ValuesOf<typeof parameters>> = (
  { share, behind },
  { count, random },
) => {
  let sums = noSamples;
  for (let run = 0; run < count; run++) {
    let blocks = 0;
    for (let lead = -behind; lead < 1; blocks++) lead += random.nextFloat() < share ? 1 : -1;
    sums = addSample(sums, blocks, 1);
  }
  return { type: "ratio", sums };
};
