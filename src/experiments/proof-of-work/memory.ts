/** Times between blocks on a steady network: how often a block is very late. */

import { decimalParameter, type ValuesOf, wholeParameter } from "../../primitives/parameter.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";

const parameters = {
  spacings: decimalParameter("how late, in mean spacings", { min: 0, max: 20, initial: 3 }),
  miners: wholeParameter("equal miners, each of whom finds blocks by itself", {
    min: 1,
    max: 1_000,
    initial: 10,
  }),
};

export const memory = defineExperiment<typeof parameters>({
  id: "memory",
  code: "W2",
  group: "proof of work",
  title: "Blocks without memory",
  claim: "Blocks come without memory: a long wait says nothing of the wait that is left.",
  lines: "L334",
  measure: "the part of the blocks that come later than so many mean spacings",
  source: "the smallest of exponential times is exponential: e^−spacings",
  refuses: "a wait that has an upper bound",
  parameters,
  units: { name: "blocks", summary: "how many blocks", initial: 100_000, max: 10_000_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [["--spacings 6", "an hour without a block of Bitcoin"]],
  table: { varies: { spacings: [1, 3, 6] } },
  quick: { values: [{ spacings: 1 }], units: 20_000 },
  batchUnits: () => 10_000,
  prepare: () => countLate,
  expected: ({ spacings }) => Math.exp(-spacings),
  beside: () => ({}),
});

const countLate: RunPortion<ValuesOf<typeof parameters>> = (
  { spacings, miners },
  { count, random },
) => {
  let successes = 0;
  for (let block = 0; block < count; block++) {
    let firstAt = Infinity;
    for (let miner = 0; miner < miners; miner++) {
      firstAt = Math.min(firstAt, random.nextExponential(miners));
    }
    if (firstAt > spacings) successes += 1;
  }
  return { type: "count", runs: count, successes };
};
