/**
 * The effects of isolation: a network in two halves, and a node whose peers are all the attacker's.
 */

import { requireCount, requireWithin } from "./statistics.ts";

/** Beyond, a sum over all depths takes too long. */
export const apartIntervalsMax = 100_000;

/**
 * The mean number of blocks that the losing half of a network takes back after healing. Both go on
 * at their own pace while they are apart; the shorter branch is what is taken back, at least.
 *
 * @param share of the hash power in one half, 0 to 1.
 * @param intervals how long they are apart, in mean block intervals of the whole network.
 * @see Each half finds a Poisson number of blocks: the mean of the smaller one is the sum of the
 *   probability that both find at least k, over all k
 */
export function partitionDepthMean(share: number, intervals: number): number {
  requireWithin("share", share, 0, 1);
  requireWithin("intervals", intervals, 0, apartIntervalsMax);
  const one = tailProbability(share * intervals);
  const other = tailProbability((1 - share) * intervals);
  let depth = 0;
  for (let least = 1; ; least++) {
    const bothFind = one(least) * other(least);
    depth += bothFind;
    if (bothFind < Number.EPSILON && least > intervals) return depth;
  }
}

/**
 * The probability that all the peers of a node are the attacker's, if it chooses them at random.
 *
 * @param share of the node's address table that is the attacker's, 0 to 1.
 * @see Heilman, Kendler, Zohar & Goldberg, Eclipse Attacks on Bitcoin's Peer-to-Peer Network, 2015
 */
export function dishonestPeersProbability(share: number, peers: number): number {
  requireWithin("share", share, 0, 1);
  requireCount("peers", peers, 1);
  return share ** peers;
}

/**
 * The probability that a payment on a false branch is taken back, once the victim finds one honest peer.
 * The attacker alone mined that branch, until the payment had its confirmations; if the others have
 * found as many blocks by then, the next one decides.
 *
 * @param share of the hash power that mines the false branch, 0 to 1.
 * @see The others find a negative binomial number of blocks before the attacker has found its own;
 *   how hard a block is does not change
 */
export function deceptionProbability(share: number, confirmations: number): number {
  requireWithin("share", share, 0, 1);
  requireCount("confirmations", confirmations, 1);
  let level = share ** confirmations; // the probability that the others find so many, from none on
  let probability = 1;
  for (let found = 0; found < confirmations; found++) {
    probability -= level;
    level *= ((found + confirmations) / (found + 1)) * (1 - share);
  }
  return Math.max(probability - level * share, 0);
}

/** The probability that a Poisson number is at least so much; asked for 1, 2, 3 and so on. */
function tailProbability(mean: number): (least: number) => number {
  let logTerm = -mean;
  let probability = 1;
  return (least) => {
    probability -= Math.exp(logTerm);
    logTerm += Math.log(mean / least);
    return Math.max(probability, 0);
  };
}
