/**
 * Elections with random time-outs: how long the first takes, and how often votes split.
 *
 * Times are parts of the range that time-outs are drawn from: each is uniform on [0, 1).
 *
 * @see Ongaro, Consensus: Bridging Theory and Practice, 2014, chapter 9
 */

import { requireCount, requireWithin } from "./statistics.ts";

export type Election = {
  /** All that vote, those that are down among them. */
  readonly nodes: number;
  /** Those that are up; all their time-outs are fresh. */
  readonly available: number;
};

/** Beyond, binomial coefficients lose digits. */
const nodesMax = 50;

/**
 * The probability that no candidate of a term gets a majority, if each message takes `latency`.
 *
 * Who times out before the first request for votes arrives votes for itself, and all others vote
 * for the first. So votes split if so many time-outs lie within `latency` of the first that too
 * few are left; the span of consecutive uniform times has a beta distribution, which is this sum.
 *
 * @param latency 0 to 1.
 */
export function splitVoteProbability({ nodes, available }: Election, latency: number): number {
  requireCount("nodes", nodes, 2, nodesMax);
  requireCount("available", available, 1, nodes);
  requireWithin("latency", latency, 0, 1);
  const candidates = available - Math.floor(nodes / 2) + 1;
  let sum = 0;
  for (let others = Math.max(0, candidates - 1); others <= available; others++) {
    sum += binomial(available, others) * latency ** others * (1 - latency) ** (available - others);
  }
  return sum;
}

/** The mean of the smallest of so many time-outs. */
export function firstTimeoutMean(available: number): number {
  requireCount("available", available, 1);
  return 1 / (available + 1);
}

/** The probability that the first of so many time-outs ends by then. */
export function firstTimeoutBy(available: number, time: number): number {
  requireCount("available", available, 1);
  requireWithin("time", time, 0, 1);
  return 1 - (1 - time) ** available;
}

function binomial(count: number, chosen: number): number {
  let ways = 1;
  for (let at = 1; at <= chosen; at++) ways = (ways * (count - chosen + at)) / at;
  return ways;
}
