/** Experiments by the table: what is tried, beside which figures, and what came of it. */

import {
  doubleSpendProbability,
  exactProbability,
  nakamotoProbability,
  patienceFor,
} from "../theory/double-spend.ts";
import { staleFraction } from "../theory/mining.ts";
import { notStubborn } from "../attacks/selfish-mining/behaviour.ts";
import { addTallies, estimateOf, type Estimate, type Tally } from "./tally.ts";
import { theoryOf, type Trial } from "./trial.ts";

/** Figures by their names: what an experiment is about, and what others say of it. */
export type Figures = Readonly<Record<string, number>>;

export type Experiment = {
  readonly trial: Trial;
  /** Runs; for selfish mining and stale blocks: blocks to be found. */
  readonly units: number;
  readonly about: Figures;
  readonly beside: Figures;
};

export type Result = Estimate & {
  readonly about: Figures;
  readonly theory: number | undefined;
  readonly beside: Figures;
};

/** @param tallies of the batches that were played; at least one. */
export function resultOf({ trial, about, beside }: Experiment, tallies: readonly Tally[]): Result {
  const theory = theoryOf(trial);
  return { about, ...estimateOf(addTallies(tallies), theory), theory, beside };
}

/** The result that is furthest from theory, in standard errors; 0 without theory. */
export function worstScore(results: readonly Result[]): number {
  return Math.max(0, ...results.map(({ z }) => Math.abs(z ?? 0)));
}

export type DoubleSpendCell = {
  readonly share: number;
  readonly confirmations: number;
  readonly premine: 0 | 1;
  /** So patient that it hardly matters, if left out. */
  readonly giveUpBehind?: number;
  readonly engine?: "race" | "nodes";
};

/** Patience that costs an attacker less than this cannot be told from endless patience. */
const lossMax = 1e-10;

export function doubleSpendExperiment(cell: DoubleSpendCell, runs: number): Experiment {
  const { share, confirmations, premine, engine = "race" } = cell;
  const giveUpBehind = cell.giveUpBehind ?? patienceFor(share, lossMax);
  const race = { share, confirmations, premine, giveUpBehind };
  return {
    trial: { type: "double-spend", engine, race },
    units: runs,
    about: { share, confirmations, premine, giveUpBehind },
    beside: {
      nakamoto: nakamotoProbability(share, confirmations),
      rosenfeld: exactProbability(share, confirmations),
    },
  };
}

export const doubleSpendShares = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45] as const;
export const doubleSpendConfirmations = [1, 2, 3, 4, 5, 6] as const;

/** A score means little where fewer successes are expected. */
const successesMin = 50;
const runsMax = 2_000_000;

/** @param runsMin of each cell; the rarer a success, the more. */
export function doubleSpendTable(premines: readonly (0 | 1)[], runsMin: number): Experiment[] {
  return premines.flatMap((premine) => {
    return doubleSpendShares.flatMap((share) => {
      return doubleSpendConfirmations.map((confirmations) => {
        const probability = doubleSpendProbability({ share, confirmations, premine });
        const runs = Math.min(Math.max(runsMin, Math.ceil(successesMin / probability)), runsMax);
        return doubleSpendExperiment({ share, confirmations, premine }, runs);
      });
    });
  });
}

export function selfishExperiment(
  share: number,
  gamma: number,
  blocks: number,
  stubborn = notStubborn,
): Experiment {
  return {
    trial: { type: "selfish-mining", terms: { share, gamma, stubborn } },
    units: blocks,
    about: { share, gamma, blocks },
    beside: { honest: share },
  };
}

export const selfishShares = [0.1, 0.2, 0.25, 0.3, 1 / 3, 0.35, 0.4, 0.45] as const;
export const selfishGammas = [0, 0.5, 1] as const;

export function selfishTable(blocks: number): Experiment[] {
  return selfishGammas.flatMap((gamma) => {
    return selfishShares.map((share) => selfishExperiment(share, gamma, blocks));
  });
}

export const staleDelays = [0.1, 0.25, 0.5, 0.75, 1, 2] as const;

export function staleTable(
  miners: number,
  blocks: number,
  delays: readonly number[] = staleDelays,
): Experiment[] {
  return delays.map((delayIntervals) => ({
    trial: { type: "stale", miners, delayIntervals },
    units: blocks,
    about: { delay: delayIntervals, miners },
    beside: { manyMiners: staleFraction(delayIntervals) },
  }));
}
