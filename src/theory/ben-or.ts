/**
 * Ben-Or's protocol: how many rounds there are until the first member decides. Of n members any
 * minority may be down, so each waits for ⌊n/2⌋ + 1 messages of a step, its own among them.
 *
 * @see Ben-Or, Another Advantage of Free Choice: Completely Asynchronous Agreement Protocols, 1983
 */

import { requireCount } from "./statistics.ts";

/** Beyond, binomial coefficients lose digits. */
const nodesMax = 31;
/** A sum of rounds that changes by less than this is done. */
const precision = 1e-12;

/**
 * The mean if in each step every member receives its own message and a random choice of the others',
 * and coins are fair and independent. What members report is a Markov chain over the count of ones.
 *
 * @param ones how many of the first bits are 1.
 */
export function benOrRoundsMean(nodes: number, ones: number): number {
  requireCount("nodes", nodes, 1, nodesMax);
  requireCount("ones", ones, 0, nodes);
  const rounds = Array.from({ length: nodes + 1 }, (_, at) => roundFrom(nodes, at));
  // Each value is that of one round more than before.
  let means = rounds.map(() => 0);
  for (;;) {
    const next = rounds.map((then) => 1 + sum(then.map((part, at) => part * (means[at] ?? 0))));
    const change = Math.max(...next.map((mean, at) => mean - (means[at] ?? 0)));
    means = next;
    if (change < precision * Math.max(...means)) return means[ones] ?? NaN;
  }
}

/**
 * The probability that members which are tied are still tied after so many rounds, if the schedule
 * is the worst: it shows every member both bits, unless all coins of a round have fallen alike.
 */
export function benOrWorstTied(nodes: number, rounds: number): number {
  requireCount("nodes", nodes, 2, nodesMax);
  requireCount("rounds", rounds, 1);
  return (1 - alikeOf(nodes)) ** (rounds - 1);
}

/** Its mean: the tied first round, and then until all coins fall alike. */
export function benOrWorstMean(nodes: number): number {
  requireCount("nodes", nodes, 2, nodesMax);
  return 1 + 1 / alikeOf(nodes);
}

function alikeOf(nodes: number): number {
  return 2 ** (1 - nodes);
}

/** From so many ones: for each count of ones the probability that the next round begins with it. */
function roundFrom(nodes: number, ones: number): readonly number[] {
  const next = Array.from({ length: nodes + 1 }, () => 0);
  const enough = Math.floor(nodes / 2) + 1;
  const holders = Math.max(ones, nodes - ones);
  const isOne = ones === holders;
  // Who receives just enough proposes only if all of them, itself among them, report one bit.
  const proposing = chosen(nodes - 1, holders - 1, enough - 1, enough - 1);
  for (let proposers = 0; proposers <= holders; proposers++) {
    const part = binomialPart(holders, proposing, proposers);
    for (let coins = 0; coins <= nodes; coins++) {
      const undecided = part * undecidedWith(nodes, proposers, coins);
      if (undecided === 0) continue;
      for (let heads = 0; heads <= coins; heads++) {
        const at = heads + (isOne && proposers > 0 ? nodes - coins : 0);
        next[at] = (next[at] ?? 0) + undecided * binomialPart(coins, 0.5, heads);
      }
    }
  }
  return next;
}

/** The probability that with so many proposers no member decides, and so many members toss coins. */
function undecidedWith(nodes: number, proposers: number, coins: number): number {
  const enough = Math.floor(nodes / 2) + 1;
  const decisive = nodes - enough + 1;
  /** That it receives some proposals, but too few; its own, if it has one, is among them. */
  const tooFew = (own: number) => {
    let total = 0;
    for (let others = 1 - own; own + others < decisive; others++) {
      total += chosen(nodes - 1, proposers - own, enough - 1, others);
    }
    return total;
  };
  // Who proposes counts its own proposal, and so tosses no coin.
  const others = nodes - proposers;
  const none = chosen(nodes - 1, proposers, enough - 1, 0);
  const ofOthers = binomial(others, coins) * none ** coins * tooFew(0) ** (others - coins);
  return coins > others ? 0 : ofOthers * (proposers === 0 ? 1 : tooFew(1) ** proposers);
}

/** That of `draws` out of `count`, of which `marked` are marked, so many are. */
function chosen(count: number, marked: number, draws: number, hits: number): number {
  const ways = binomial(marked, hits) * binomial(count - marked, draws - hits);
  return ways / binomial(count, draws);
}

function binomialPart(count: number, share: number, hits: number): number {
  if (hits > count) return 0;
  return binomial(count, hits) * share ** hits * (1 - share) ** (count - hits);
}

function binomial(count: number, some: number): number {
  if (some < 0 || some > count) return 0;
  let ways = 1;
  for (let at = 1; at <= some; at++) ways = (ways * (count - some + at)) / at;
  return ways;
}

function sum(parts: readonly number[]): number {
  return parts.reduce((total, part) => total + part, 0);
}
