/** Blocks that become stale because of delay, many blocks long: equal miners, one delay. */

import { decimalParameter, type ValuesOf, wholeParameter } from "../../primitives/parameter.ts";
import { staleLimits } from "../../sim/crowd/limits.ts";
import { runStale, staleTheory } from "../../sim/stale.ts";
import { staleFraction, staleVariance } from "../../theory/mining.ts";
import { defineExperiment, type Picture, type RunPortion } from "../engine/experiment.ts";
import { along, pointsOf, valuesOf } from "../engine/picture.ts";
import type { Result } from "../engine/result.ts";
import { sheetOf } from "../engine/sheet.ts";

const { minersMin, minersMax, blocksMax, delayMax } = staleLimits;

const parameters = {
  delay: decimalParameter("from a miner to all others, in block intervals", {
    min: 0,
    max: delayMax,
    initial: 0.5,
  }),
  miners: wholeParameter("how many equal miners", { min: minersMin, max: minersMax, initial: 100 }),
};

type Chosen = ValuesOf<typeof parameters>;

export const stale = defineExperiment<typeof parameters>({
  id: "stale",
  code: "N3",
  group: "proof of work",
  title: "Stale blocks",
  claim: "The longer a block takes to reach the other miners, the more blocks become stale.",
  lines: "L343-349",
  measure: "the part of the blocks that become stale",
  source: "Sompolinsky & Zohar 2015, x/(1+x) for a delay of x, times 1 − 1/miners",
  refuses: "a stale share that grows in proportion to the delay for ever",
  parameters,
  units: { name: "blocks", summary: "how many blocks they find", initial: 10_000, max: blocksMax },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [
    ["--delay 0.5 --miners 10", "beside x/(1+x)"],
    ["table --html stale.html", "six delays"],
  ],
  table: { varies: { delay: [0.1, 0.25, 0.5, 0.75, 1, 2] } },
  batchUnits: () => 10_000,
  prepare: () => countStale,
  expected: ({ miners, delay }) => staleTheory(miners, delay),
  beside: ({ delay }) => ({ manyMiners: staleFraction(delay) }),
  picture,
});

const countStale: RunPortion<Chosen> = ({ miners, delay }, { seed, first, count }) => {
  const stream = `${seed}/${delay} from ${first}`;
  const { staleBlocks } = runStale({ miners, x: delay, blocks: count, seed: stream });
  return { type: "rate", units: count, hits: staleBlocks, unitVariance: staleVariance(delay) };
};

function picture(results: readonly Result[]): Picture {
  const longest = Math.max(...valuesOf(results, "delay"), 1);
  const [miners = 0] = valuesOf(results, "miners");
  const chart = {
    title: "Blocks lost to delay",
    x: { title: "delay in block intervals", min: 0, max: longest, ticks: [0, 0.5, 1, 1.5, 2] },
    y: { title: "part of the blocks", min: 0, max: 0.8, ticks: [0, 0.2, 0.4, 0.6, 0.8] },
    series: [
      {
        name: "stale",
        curve: along(0, longest, staleFraction),
        points: pointsOf(results, "delay", "miners", miners),
      },
    ],
  };
  return {
    text:
      `${miners} equal miners receive each block after the same delay. The line is x/(1+x), ` +
      "for very many miners and a delay of x block intervals; the expected values of the table " +
      "count the miners, too.",
    charts: [chart],
    sheets: [sheetOf("Stale blocks", results)],
  };
}
