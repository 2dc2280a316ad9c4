/** The revenue of mining: the attempts a block costs, blocks lost to delay, selfish mining. */

import { requireWithin } from "./statistics.ts";

const hashCount = 1n << 256n;

/**
 * The mean number of hashes tried until one is at most `target`: attempts are geometric.
 *
 * @throws RangeError if `target` is not a 256-bit number.
 */
export function attemptsMean(target: bigint): number {
  if (target < 0n || target >= hashCount) {
    throw new RangeError(`target must be from 0 to 2^256 - 1, got ${target}`);
  }
  return Number(hashCount) / Number(target + 1n);
}

/**
 * The fraction of blocks that end up off the best branch, when many equal miners learn of every
 * block after the same delay. Each height lasts one delay and one interval; miners that do not have
 * it yet go on finding blocks for the old height during the delay.
 *
 * @param delayIntervals the delay, in mean block intervals.
 * @see Sompolinsky & Zohar, Secure High-Rate Transaction Processing in Bitcoin, 2015
 */
export function staleFraction(delayIntervals: number): number {
  requireWithin("delayIntervals", delayIntervals, 0, Number.MAX_VALUE);
  return delayIntervals / (1 + delayIntervals);
}

/**
 * The variance of `staleFraction` for one block: that of a fraction measured over many blocks is so
 * much divided by their number. A height has a Poisson number of stale blocks, of mean and variance
 * x, and heights are independent.
 */
export function staleVariance(delayIntervals: number): number {
  requireWithin("delayIntervals", delayIntervals, 0, Number.MAX_VALUE);
  return delayIntervals / (1 + delayIntervals) ** 3;
}

/**
 * A selfish miner's share of the blocks on the best branch.
 *
 * @param share of the hash power, 0 to 1; from one half on, its branch is all there is.
 * @param gamma share of the honest power that extends its branch in a tie, 0 to 1.
 * @see Eyal & Sirer, Majority Is Not Enough: Bitcoin Mining Is Vulnerable, 2014
 */
export function selfishRevenue(share: number, gamma: number): number {
  requireWithin("share", share, 0, 1);
  requireWithin("gamma", gamma, 0, 1);
  if (share >= 0.5) return 1;
  const won = share * (1 - share) ** 2 * (4 * share + gamma * (1 - 2 * share)) - share ** 3;
  return won / (1 - share * (1 + (2 - share) * share));
}

/**
 * The share of the hash power above which selfish mining earns more than honest mining.
 *
 * @see Eyal & Sirer 2014
 */
export function selfishThreshold(gamma: number): number {
  requireWithin("gamma", gamma, 0, 1);
  return (1 - gamma) / (3 - 2 * gamma);
}
