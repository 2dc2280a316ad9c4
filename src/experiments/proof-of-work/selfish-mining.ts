/** Selfish mining, many blocks long: what a miner earns that withholds its blocks for a while. */

import { notStubborn } from "../../attacks/selfish-mining/behaviour.ts";
import { selfishMiningTerms } from "../../attacks/selfish-mining/terms.ts";
import { decimalParameter, shareParameter, type ValuesOf } from "../../primitives/parameter.ts";
import { stubbornness, stubbornnessOf } from "../../sim/scenarios/stubbornness.ts";
import { selfishRevenue, selfishThreshold } from "../../theory/mining.ts";
import { addSample, noSamples } from "../../theory/statistics.ts";
import type { Series } from "../engine/chart.ts";
import { defineExperiment, type Picture, type RunPortion } from "../engine/experiment.ts";
import { along, pointsOf, valuesOf } from "../engine/picture.ts";
import type { Result } from "../engine/result.ts";
import { type Sheet, sheetOf } from "../engine/sheet.ts";
import { raceSelfish } from "./race.ts";

const parameters = {
  // At one half its branch is ahead for ever: the last race might never end.
  share: shareParameter("the attacker's part of the hash power", {
    min: 0,
    max: 0.49,
    initial: selfishMiningTerms.share.default,
  }),
  gamma: decimalParameter(
    "the part of the honest power that extends the attacker's branch in a tie",
    {
      min: 0,
      max: 1,
      initial: 0,
    },
  ),
  stubborn: stubbornness,
};

type Chosen = ValuesOf<typeof parameters>;

const gammas = [0, 0.5, 1] as const;

export const selfishMining = defineExperiment<typeof parameters>({
  id: "selfish-mining",
  code: "A3",
  group: "proof of work",
  title: "Selfish mining",
  claim: "A miner that keeps its blocks back earns more than its share, from a threshold on.",
  lines: "L336-340",
  measure: "the attacker's part of the blocks on the best branch",
  source: "Eyal & Sirer 2014; none for a stubborn miner",
  refuses: "a revenue equal to the share of the hash power",
  parameters,
  units: {
    name: "blocks",
    summary: "how many blocks all miners find",
    initial: 800_000, // enough for ± 0.005 at three standard errors, with a share of 0.4
    max: 100_000_000,
  },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [
    ["--share 0.4 --gamma 0", "beside Eyal and Sirer's revenue"],
    ["--share 0.4 --gamma 0.5 --stubborn lead", "a stubborn miner, who has no theory"],
    ["table --html selfish-mining.html", "shares and gammas, with the thresholds"],
  ],
  table: {
    varies: { gamma: gammas, share: [0.1, 0.2, 0.25, 0.3, 1 / 3, 0.35, 0.4, 0.45] },
    extras: () => [thresholdSheet()],
  },
  batchUnits: () => 50_000,
  prepare: () => mineSelfishly,
  expected: ({ share, gamma, stubborn }) => {
    return stubborn === undefined ? selfishRevenue(share, gamma) : undefined;
  },
  beside: ({ share }) => ({ honest: share }),
  picture,
});

const mineSelfishly: RunPortion<Chosen> = ({ share, gamma, stubborn }, { count, random }) => {
  const terms = { share, gamma, stubborn: stubbornnessOf(stubborn) ?? notStubborn };
  let sums = noSamples;
  raceSelfish(terms, count, random, ({ own, others }) => {
    sums = addSample(sums, own, own + others);
  });
  return { type: "ratio", sums };
};

/** From which share on selfish mining earns more than its share. */
function thresholdSheet(): Sheet {
  return {
    title: "Thresholds of selfish mining",
    columns: ["gamma", "pays above a share of"],
    rows: gammas.map((gamma) => [String(gamma), selfishThreshold(gamma).toFixed(5)]),
  };
}

const shareMax = 0.5;

function picture(results: readonly Result[]): Picture {
  const found = valuesOf(results, "gamma");
  const series: Series[] = found.map((gamma) => ({
    name: `gamma ${gamma}`,
    curve: along(0, 0.49, (share) => selfishRevenue(share, gamma)),
    points: pointsOf(results, "share", "gamma", gamma),
  }));
  const honest: Series = {
    name: "honest",
    curve: along(0, shareMax, (share) => share),
    points: [],
  };
  const ticks = [0, 0.1, 0.2, 0.3, 0.4, 0.5];
  const chart = {
    title: "Revenue of a selfish miner",
    x: { title: "share of the power", min: 0, max: shareMax, ticks },
    y: { title: "part of the blocks", min: 0, max: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    series: [...series, honest],
    marks: found.map((gamma) => {
      const x = selfishThreshold(gamma);
      return { name: `gamma ${gamma}: ${Number(x.toFixed(3))}`, x };
    }),
  };
  return {
    text:
      "The part of the blocks on the best branch that a selfish miner gets, by its share of the hash " +
      "power. Lines are Eyal and Sirer's closed form; where one crosses the straight line, selfish " +
      "mining begins to pay: the upright lines.",
    charts: [chart],
    sheets: [sheetOf("Eyal and Sirer's miner", results)],
  };
}
