/** The double spend, many times: by races of which only the finders are drawn, or by full nodes. */

import {
  choiceParameter,
  shareParameter,
  type ValuesOf,
  wholeParameter,
} from "../../primitives/parameter.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { runDoubleSpend } from "../../sim/scenarios/double-spend.ts";
import { createParticipants, type Participants } from "../../sim/scenarios/participants.ts";
import {
  confirmationsFor,
  doubleSpendProbability,
  exactProbability,
  nakamotoProbability,
  patienceFor,
  probabilityGivingUp,
  strictProbability,
} from "../../theory/double-spend.ts";
import type { Chart } from "../engine/chart.ts";
import { defineExperiment, type Picture, type RunPortion } from "../engine/experiment.ts";
import { pointsOf, valuesOf } from "../engine/picture.ts";
import type { Result } from "../engine/result.ts";
import { type Sheet, sheetOf } from "../engine/sheet.ts";
import { countDoubleSpends, type DoubleSpendRace } from "./race.ts";

const parameters = {
  share: shareParameter("the attacker's part of the hash power", {
    min: 0.001,
    max: 0.999,
    initial: 0.3,
  }),
  confirmations: wholeParameter("what the shop waits for", { min: 1, max: 1_000, initial: 6 }),
  premine: choiceParameter("secret blocks that the attacker has before it pays", [0, 1], 0),
  giveUp: wholeParameter(
    "the attacker stops so many blocks behind (default: so many that it hardly matters)",
    { min: 1, max: 1_000, initial: undefined },
  ),
  engine: choiceParameter(
    "race draws who finds each block, nodes runs full nodes with real blocks",
    [...(["race", "nodes"] as const)],
    "race",
  ),
};

type Chosen = ValuesOf<typeof parameters>;

/**
 * A give-up limit that costs an attacker less than this differs from none by less than runs show.
 */
const lossMax = 1e-10;

function raceOf({ share, confirmations, premine, giveUp }: Chosen): DoubleSpendRace {
  return { share, confirmations, premine, giveUpBehind: giveUp ?? patienceFor(share, lossMax) };
}

const tableShares = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45] as const;

/** A score means little where fewer successes are expected. */
const successesMin = 50;
const tableRunsMax = 2_000_000;

/** The rarer a success, the more runs. */
function tableRuns(chosen: Chosen, runs: number): number {
  const needed = Math.ceil(successesMin / probabilityGivingUp(raceOf(chosen)));
  return Math.min(Math.max(runs, needed), tableRunsMax);
}

export const doubleSpend = defineExperiment<typeof parameters>({
  id: "double-spend",
  code: "A1",
  group: "proof of work",
  title: "Double spend",
  claim: "A miner with a part of the hash power takes a payment back as often as theory says.",
  lines: "L336",
  measure: "the part of the attacks that succeed",
  source: "Rosenfeld 2014, with the premine as a parameter; Feller 1968, XIV.2, for giving up",
  refuses: "an attacker who never gives up, and Nakamoto's approximation",
  parameters,
  units: {
    name: "runs",
    summary: "how many attacks",
    initial: 14_400, // enough for 0.2 ± 0.01 at three standard errors
    max: 10_000_000,
  },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [
    ["--share 0.3 --confirmations 3", "beside the closed form"],
    ["--share 30% --premine 1", "with a premine of one block"],
    ["--confirmations 1 --engine nodes --runs 200", "the same by full nodes"],
    ["table --html double-spend.html", "shares and confirmations, beside Nakamoto's"],
  ],
  table: {
    varies: { premine: [0, 1], share: tableShares, confirmations: [1, 2, 3, 4, 5, 6] },
    unitsOf: tableRuns,
    extras: () => [nakamotoSheet(), riskSheet()],
  },
  batchUnits: ({ engine }) => (engine === "nodes" ? 8 : 2_000),
  prepare: runDoubleSpends,
  expected: (chosen) => probabilityGivingUp(raceOf(chosen)),
  beside: ({ share, confirmations }) => ({
    nakamoto: nakamotoProbability(share, confirmations),
    rosenfeld: exactProbability(share, confirmations),
  }),
  picture,
});

function runDoubleSpends(verifier: SignatureVerifier): RunPortion<Chosen> {
  let participants: Participants | undefined;
  return (chosen, { seed, first, count, random }) => {
    const race = raceOf(chosen);
    if (chosen.engine === "race") {
      return { type: "count", runs: count, successes: countDoubleSpends(race, count, random) };
    }
    participants ??= createParticipants(verifier);
    let successes = 0;
    for (let run = first; run < first + count; run++) {
      // Each run has a seed of its own, so that it can be repeated alone.
      const terms = { ...race, seed: `${seed}/${run}`, verifier, participants, checks: [] };
      if (runDoubleSpend(terms).outcome === "reversed") successes += 1;
    }
    return { type: "count", runs: count, successes };
  };
}

/** @see Nakamoto, Bitcoin: A Peer-to-Peer Electronic Cash System, 2008, §11 */
const nakamotoPublished = [
  [0.1, 1, 0.2045873],
  [0.1, 2, 0.0509779],
  [0.1, 3, 0.0131722],
  [0.1, 4, 0.0034552],
  [0.1, 5, 0.0009137],
  [0.1, 6, 0.0002428],
  [0.1, 7, 0.0000647],
  [0.1, 8, 0.0000173],
  [0.1, 9, 0.0000046],
  [0.1, 10, 0.0000012],
  [0.3, 5, 0.1773523],
  [0.3, 10, 0.0416605],
  [0.3, 15, 0.0101008],
  [0.3, 20, 0.0024804],
  [0.3, 25, 0.0006132],
  [0.3, 30, 0.0001522],
  [0.3, 35, 0.0000379],
  [0.3, 40, 0.0000095],
  [0.3, 45, 0.0000024],
  [0.3, 50, 0.0000006],
] as const;

/** The table of Bitcoin's paper, beside the same formula here and what is exact. */
export function nakamotoSheet(): Sheet {
  const digits = 7;
  return {
    title: "Nakamoto's table, section 11",
    columns: ["share", "confirmations", "his paper", "his formula", "exact", "exact, no premine"],
    rows: nakamotoPublished.map(([share, confirmations, published]) => [
      String(share),
      String(confirmations),
      published.toFixed(digits),
      nakamotoProbability(share, confirmations).toFixed(digits),
      exactProbability(share, confirmations).toFixed(digits),
      strictProbability(share, confirmations).toFixed(digits),
    ]),
  };
}

const risk = 0.001;

/** How many confirmations are enough, as Bitcoin's paper says and as it is. */
function riskSheet(): Sheet {
  return {
    title: "Confirmations for a risk below 0.1 %",
    columns: ["share", "Nakamoto", "exact"],
    rows: tableShares.map((share) => [
      String(share),
      String(confirmationsFor(share, risk, nakamotoProbability)),
      String(confirmationsFor(share, risk)),
    ]),
  };
}

function picture(results: readonly Result[]): Picture {
  const premines = ([0, 1] as const).filter((premine) => {
    return results.some(({ values }) => values["premine"] === premine);
  });
  return {
    text:
      "The attacker publishes a secret branch as soon as the payment has its confirmations and the " +
      "branch is strictly longer. Lines are the exact probabilities, points what the runs came to, " +
      "with intervals of 95 %. With a premine of one block the probability is Rosenfeld's; " +
      "Nakamoto's column is his approximation of those.",
    charts: premines.map((premine) => chartOf(results, premine)),
    sheets: premines.map((premine) => {
      const some = results.filter(({ values }) => values["premine"] === premine);
      return sheetOf(premine === 1 ? "A premine of one block" : "No premine", some);
    }),
  };
}

const probabilityMin = 1e-4;

function chartOf(results: readonly Result[], premine: 0 | 1): Chart {
  const some = results.filter(({ values }) => values["premine"] === premine);
  const depths = valuesOf(some, "confirmations");
  return {
    title:
      premine === 1 ? "Probability with a premine of one block" : "Probability without a premine",
    x: { title: "confirmations", min: 0.5, max: Math.max(...depths, 1) + 0.5, ticks: depths },
    y: {
      title: "probability of success",
      min: probabilityMin,
      max: 1,
      ticks: [0.0001, 0.001, 0.01, 0.1, 1],
      scale: "logarithmic",
    },
    series: valuesOf(some, "share").map((share) => ({
      name: `share ${share}`,
      curve: depths.map((confirmations) => {
        return [confirmations, doubleSpendProbability({ share, confirmations, premine })];
      }),
      points: pointsOf(some, "confirmations", "share", share),
    })),
  };
}
