/** A miner that splits its power among many names: what part of the blocks is found under them. */

import { shareParameter, type ValuesOf, wholeParameter } from "../../primitives/parameter.ts";
import { defineExperiment, type Portion, type RunPortion } from "../engine/experiment.ts";

const parameters = {
  share: shareParameter("the miner's part of the hash power", { min: 0, max: 1, initial: 0.1 }),
  names: wholeParameter("names that it is split among", { min: 1, max: 1_000, initial: 100 }),
};

export const identities = defineExperiment<typeof parameters>({
  id: "identities",
  code: "S1",
  group: "sybil",
  title: "Many names",
  claim: "Where work is counted, more names bring no more blocks.",
  lines: "L319,340",
  measure: "the part of the blocks that are found under one of its names",
  source: "exponential times of many names together are those of one with all their power",
  refuses: "a share of blocks that grows with the number of names",
  parameters,
  units: { name: "blocks", summary: "how many blocks", initial: 40_000, max: 1_000_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [["--share 10% --names 1000", "a thousand names"]],
  table: { varies: { names: [1, 10, 100, 1_000] } },
  quick: { values: [{ names: 10 }], units: 20_000 },
  batchUnits: ({ names }) => Math.max(100, Math.floor(200_000 / names)),
  prepare: () => countOwn,
  expected: ({ share }) => share,
  beside: () => ({}),
});

const countOwn: RunPortion<ValuesOf<typeof parameters>> = (values, portion) => {
  return { type: "count", runs: portion.count, successes: countBlocks(values, portion) };
};

/** How many of so many blocks are found under one of its names. */
export function countBlocks(
  { share, names }: ValuesOf<typeof parameters>,
  { count, random }: Pick<Portion, "count" | "random">,
): number {
  let own = 0;
  for (let block = 0; block < count; block++) {
    let ownAt = Infinity;
    for (let name = 0; name < names && share > 0; name++) {
      ownAt = Math.min(ownAt, random.nextExponential(names / share));
    }
    const otherAt = share === 1 ? Infinity : random.nextExponential(1 / (1 - share));
    if (ownAt < otherAt) own += 1;
  }
  return own;
}
