/**
 * A large random graph in which each vertex has called so many others, and vertices that fail: which
 * part of the survivors is still in one piece.
 */

import { requireCount, requireWithin } from "./statistics.ts";

/** Those that fail: any, or those with the most neighbours. */
export type Failing = "random" | "most-linked";

const roundsMax = 10_000;
const precision = 1e-12;

/**
 * The largest piece's part of the survivors, for infinitely many vertices.
 *
 * A vertex has called `calls` others and was called by a Poisson number of them, with the same mean.
 * A branch of the graph is left finite if its first vertex failed, or all branches behind it are
 * finite; whether it leads to a vertex that was called or to one that called makes a difference, so
 * there are two probabilities, found by repetition.
 *
 * @param share of the vertices that fail.
 * @see Callaway, Newman, Strogatz and Watts, Network Robustness and Fragility, 2000
 */
export function largestPart(calls: number, share: number, failing: Failing): number {
  requireCount("calls", calls, 1, 100);
  requireWithin("share", share, 0, 1);
  if (share === 1) return 0;
  const called = poisson(calls);
  const survives = survivalOf(called, share, failing);
  const sumOver = (term: (count: number, probability: number) => number): number => {
    return called.reduce((sum, probability, count) => sum + term(count, probability), 0);
  };
  /** That the first vertex of a branch survives and all behind it is finite. */
  const finite = (callers: number, viaCalls: number, viaCallers: number, extra: number): number => {
    return sumOver((count, probability) => {
      const kept = survives[count + extra] ?? 0;
      return probability * kept * viaCalls ** callers * viaCallers ** count;
    });
  };
  const failed = (extra: number): number => {
    return 1 - sumOver((count, probability) => probability * (survives[count + extra] ?? 0));
  };
  let [toCalled, toCaller] = [0, 0];
  for (let round = 0; round < roundsMax; round++) {
    // Who is reached because it was called has one caller more than others.
    const nextCalled = failed(1) + finite(calls, toCalled, toCaller, 1);
    const nextCaller = failed(0) + finite(calls - 1, toCalled, toCaller, 0);
    const change = Math.abs(nextCalled - toCalled) + Math.abs(nextCaller - toCaller);
    [toCalled, toCaller] = [nextCalled, nextCaller];
    if (change < precision) break;
  }
  return 1 - finite(calls, toCalled, toCaller, 0) / (1 - share);
}

/** For each number of callers the probability that a vertex with so many survives. */
function survivalOf(called: readonly number[], share: number, failing: Failing): readonly number[] {
  if (failing === "random") return called.map(() => 1 - share);
  const survives = called.map(() => 1);
  let left = share;
  for (let count = called.length - 1; count >= 0 && left > 0; count--) {
    const probability = called[count] ?? 0;
    survives[count] = probability > left ? 1 - left / probability : 0;
    left -= probability;
  }
  return survives;
}

/** Up to where the rest is far below rounding. */
function poisson(mean: number): readonly number[] {
  const probabilities = [Math.exp(-mean)];
  for (let count = 1; count < mean + 20 * Math.sqrt(mean) + 20; count++) {
    probabilities.push(((probabilities[count - 1] ?? 0) * mean) / count);
  }
  return probabilities;
}
