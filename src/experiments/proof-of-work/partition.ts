/** A network that is cut in two for a while, many times: how many blocks the losing half takes back. */

import { decimalParameter, shareParameter, type ValuesOf } from "../../primitives/parameter.ts";
import { partitionDepthMean } from "../../theory/isolation.ts";
import { addSample, noSamples } from "../../theory/statistics.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";
import { racePartition } from "./race.ts";

const parameters = {
  share: shareParameter("one half's part of the hash power", { min: 0, max: 1, initial: 0.5 }),
  intervals: decimalParameter("how long the halves are apart, in block intervals", {
    min: 0,
    max: 10_000,
    initial: 10,
  }),
};

export const partition = defineExperiment<typeof parameters>({
  id: "partition",
  code: "C7",
  group: "proof of work",
  title: "Partition",
  claim: "After a partition the half with less work takes back all blocks that it found meanwhile.",
  lines: "L49,380",
  measure: "the mean number of blocks taken back",
  source: "the mean of the smaller of two Poisson numbers",
  refuses: "a depth of half of what the smaller side finds",
  parameters,
  units: { name: "runs", summary: "how many partitions", initial: 14_400, max: 10_000_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [
    ["--share 0.5 --intervals 10", "equal halves"],
    ["--share 0.3 --intervals 100", "a smaller half, for longer"],
    ["table", "both, and both the other way round"],
  ],
  table: { varies: { share: [0.3, 0.5], intervals: [10, 100] } },
  batchUnits: () => 1_000,
  prepare: () => measureDepths,
  expected: ({ share, intervals }) => partitionDepthMean(share, intervals),
  beside: () => ({}),
});

const measureDepths: RunPortion<ValuesOf<typeof parameters>> = (
  { share, intervals },
  { count, random },
) => {
  let sums = noSamples;
  for (let run = 0; run < count; run++) {
    sums = addSample(sums, racePartition(share, intervals, random), 1);
  }
  return { type: "ratio", sums };
};
