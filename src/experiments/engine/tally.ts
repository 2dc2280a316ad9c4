/** What a number of runs amounts to: a tally that can be added to others, and an estimate. */

import { unreachable } from "../../primitives/verdict.ts";
import {
  addSums,
  type Interval,
  ratioOf,
  type RatioSums,
  wilsonInterval,
  zScore,
} from "../../theory/statistics.ts";

export type Tally =
  /** Runs that end one way or the other. */
  | { readonly type: "count"; readonly runs: number; readonly successes: number }
  /** Blocks, stale or not: neighbours depend on each other, but how much varies is known. */
  | {
      readonly type: "rate";
      readonly units: number;
      readonly hits: number;
      readonly unitVariance: number;
    }
  /** Runs that each bring a part of something. */
  | { readonly type: "ratio"; readonly sums: RatioSums };

export type Estimate = {
  readonly estimate: number;
  /** Of 95 %. */
  readonly interval: Interval;
  /** Standard errors above what theory says; undefined where it says nothing. */
  readonly z: number | undefined;
  readonly runs: number;
};

/** @throws Error if there is none, or they count different things. */
export function addTallies(tallies: readonly Tally[]): Tally {
  const [first, ...rest] = tallies;
  if (first === undefined) throw new Error("there is nothing to add");
  return rest.reduce(addTally, first);
}

function addTally(a: Tally, b: Tally): Tally {
  if (a.type === "count" && b.type === "count") {
    return { type: "count", runs: a.runs + b.runs, successes: a.successes + b.successes };
  }
  if (a.type === "rate" && b.type === "rate") {
    return { ...a, units: a.units + b.units, hits: a.hits + b.hits };
  }
  if (a.type === "ratio" && b.type === "ratio") {
    return { type: "ratio", sums: addSums(a.sums, b.sums) };
  }
  throw new Error(`a ${a.type} and a ${b.type} cannot be added`);
}

export function estimateOf(tally: Tally, theory: number | undefined): Estimate {
  switch (tally.type) {
    case "count": {
      const { runs, successes } = tally;
      const estimate = successes / runs;
      const z = theory === undefined ? undefined : zScore(estimate, theory, runs);
      return { estimate, interval: wilsonInterval(successes, runs), z, runs };
    }
    case "rate": {
      const { units, hits, unitVariance } = tally;
      return normalEstimate(hits / units, Math.sqrt(unitVariance / units), theory, units);
    }
    case "ratio": {
      const { estimate, error } = ratioOf(tally.sums);
      return normalEstimate(estimate, error, theory, tally.sums.samples);
    }
    default:
      return unreachable(tally);
  }
}

/** Standard errors in half a 95 % interval. */
const halfWidth = 1.96;

function normalEstimate(
  estimate: number,
  error: number,
  theory: number | undefined,
  runs: number,
): Estimate {
  const margin = halfWidth * error;
  const interval: Interval = [Math.max(estimate - margin, 0), estimate + margin];
  if (theory === undefined) return { estimate, interval, z: undefined, runs };
  const deviation = estimate - theory;
  return { estimate, interval, z: deviation === 0 ? 0 : deviation / error, runs };
}
