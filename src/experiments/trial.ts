/** Experiments that are run many times: what one is, what theory says, and how a batch is played. */

import { eclipseProbability, partitionDepthMean } from "../theory/isolation.ts";
import { probabilityGivingUp } from "../theory/double-spend.ts";
import { selfishRevenue, staleVariance } from "../theory/mining.ts";
import { addSample, noSamples } from "../theory/statistics.ts";
import { createRandom, type Random } from "../primitives/random.ts";
import type { SignatureVerifier } from "../primitives/signature.ts";
import { unreachable } from "../primitives/verdict.ts";
import {
  countDoubleSpends,
  drawEclipse,
  racePartition,
  raceSelfish,
  type DoubleSpendRace,
  type SelfishTerms,
} from "./race.ts";
import {
  runDoubleSpend,
  stageDoubleSpend,
  type DoubleSpendStage,
} from "../sim/scenarios/double-spend.ts";
import { runStale, staleTheory } from "../sim/stale.ts";
import type { Tally } from "./tally.ts";

export type Trial =
  | { readonly type: "double-spend"; readonly engine: Engine; readonly race: DoubleSpendRace }
  | { readonly type: "selfish-mining"; readonly terms: SelfishTerms }
  | { readonly type: "stale"; readonly miners: number; readonly delayIntervals: number }
  | { readonly type: "partition"; readonly share: number; readonly intervals: number }
  | { readonly type: "eclipse"; readonly share: number; readonly peers: number };

/** `nodes` is a network of real ones with real blocks; `race` only who finds the next block. */
export type Engine = "race" | "nodes";

/** Part of an experiment. Equal batches bring equal tallies, wherever they are played. */
export type Batch = {
  readonly trial: Trial;
  readonly seed: string;
  /** The position of its first unit, and how many there are: runs, or blocks to be found. */
  readonly first: number;
  readonly count: number;
};

/** What the closed form says; undefined where there is none. */
export function theoryOf(trial: Trial): number | undefined {
  switch (trial.type) {
    case "double-spend":
      return probabilityGivingUp(trial.race);
    case "selfish-mining": {
      const { share, gamma, stubborn } = trial.terms;
      const isStubborn = stubborn.lead || stubborn.equalFork || stubborn.trail > 0;
      return isStubborn ? undefined : selfishRevenue(share, gamma);
    }
    case "stale":
      return staleTheory(trial.miners, trial.delayIntervals);
    case "partition":
      return partitionDepthMean(trial.share, trial.intervals);
    case "eclipse":
      return eclipseProbability(trial.share, trial.peers);
    default:
      return unreachable(trial);
  }
}

/** What one thread should do at a time: long enough to be worth a message, short enough to wait for. */
function batchSizeOf(trial: Trial): number {
  switch (trial.type) {
    case "double-spend":
      return trial.engine === "nodes" ? 8 : 2_000;
    case "selfish-mining":
      return 50_000;
    case "stale":
      return 10_000;
    case "partition":
      return 1_000;
    case "eclipse":
      return 10_000;
    default:
      return unreachable(trial);
  }
}

/** @param units runs; for selfish mining and stale blocks: blocks to be found. */
export function batchesOf(trial: Trial, seed: string, units: number): Batch[] {
  const size = batchSizeOf(trial);
  const batches: Batch[] = [];
  for (let first = 0; first < units; first += size) {
    batches.push({ trial, seed, first, count: Math.min(size, units - first) });
  }
  return batches;
}

/** Plays batches; what full nodes need is made once. */
export class TrialPlayer {
  readonly #verifier: SignatureVerifier;
  #stage: DoubleSpendStage | undefined;

  constructor(verifier: SignatureVerifier) {
    this.#verifier = verifier;
  }

  play(batch: Batch): Tally {
    const { trial, seed, first, count } = batch;
    const random = createRandom(seed, `${JSON.stringify(trial)} from ${first}`);
    switch (trial.type) {
      case "double-spend": {
        const isFull = trial.engine === "nodes";
        const successes = isFull
          ? this.#countAmongNodes(trial.race, batch)
          : countDoubleSpends(trial.race, count, random);
        return { type: "count", runs: count, successes };
      }
      case "selfish-mining":
        return mineSelfishly(trial.terms, count, random);
      case "stale":
        return countStale(trial.miners, trial.delayIntervals, batch);
      case "partition":
        return measureDepths(trial.share, trial.intervals, count, random);
      case "eclipse": {
        let successes = 0;
        for (let run = 0; run < count; run++) {
          if (drawEclipse(trial.share, trial.peers, random)) successes += 1;
        }
        return { type: "count", runs: count, successes };
      }
      default:
        return unreachable(trial);
    }
  }

  /** Each run has a seed of its own, so that it can be looked at alone. */
  #countAmongNodes(race: DoubleSpendRace, { seed, first, count }: Batch): number {
    const verifier = this.#verifier;
    this.#stage ??= stageDoubleSpend(verifier);
    let successes = 0;
    for (let run = first; run < first + count; run++) {
      const { outcome } = runDoubleSpend({
        ...race,
        seed: `${seed}/${run}`,
        verifier,
        stage: this.#stage,
        checks: [],
      });
      if (outcome === "reversed") successes += 1;
    }
    return successes;
  }
}

function mineSelfishly(terms: SelfishTerms, blocks: number, random: Random): Tally {
  let sums = noSamples;
  raceSelfish(terms, blocks, random, ({ own, others }) => {
    sums = addSample(sums, own, own + others);
  });
  return { type: "ratio", sums };
}

function countStale(miners: number, x: number, { seed, first, count }: Batch): Tally {
  const stream = `${seed}/${x} from ${first}`;
  const { staleBlocks } = runStale({ miners, x, blocks: count, seed: stream });
  return { type: "rate", units: count, hits: staleBlocks, unitVariance: staleVariance(x) };
}

function measureDepths(share: number, intervals: number, runs: number, random: Random): Tally {
  let sums = noSamples;
  for (let run = 0; run < runs; run++) {
    sums = addSample(sums, racePartition(share, intervals, random), 1);
  }
  return { type: "ratio", sums };
}
