/** What the blocks of a story say of the miners' shares. */

import type { Interval } from "../../lab-api.ts";
import type { Story } from "./story.ts";

/** Standard errors on each side of the estimate that make a 95 % interval. */
const z95 = 1.96;

/**
 * The 95 % interval that holds the true share, by Wilson's score: it stays within 0 and 1, also
 * when there are few trials; without any trial it is all from 0 to 1.
 *
 * @see Wilson, Probable Inference, the Law of Succession, and Statistical Inference, 1927
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return [0, 1];
  const estimate = successes / trials;
  const spread = z95 ** 2 / trials;
  const center = estimate + spread / 2;
  const margin = z95 * Math.sqrt((estimate * (1 - estimate) + spread / 4) / trials);
  // At the ends the root is exact only on paper.
  const low = successes === 0 ? 0 : (center - margin) / (1 + spread);
  const high = successes === trials ? 1 : (center + margin) / (1 + spread);
  return [low, high];
}

export type Observed = {
  /** Found by this miner, on whatever branch. */
  readonly blocks: number;
  /** Those of them among the latest. */
  readonly recentBlocks: number;
  /** The latest, of all miners: what `share` is a part of. */
  readonly recentOfAll: number;
  /** Null before the first block. */
  readonly share: number | null;
  readonly interval: Interval;
};

/**
 * What each miner found of the latest blocks. Stale blocks count too: they took the same work.
 *
 * @param viewer counts only blocks that this node has; null counts all.
 */
export function observedShares(
  story: Story,
  miners: readonly string[],
  viewer: string | null,
  latest: number,
): ReadonlyMap<string, Observed> {
  const found = [...story.blocks]
    .filter((block) => viewer === null || block.arrivals.some(({ node }) => node === viewer))
    .flatMap(({ miner }) => (miner === null ? [] : [miner]));
  const recent = found.slice(-latest);
  return new Map(miners.map((miner) => [miner, observe(miner, found, recent)]));
}

function observe(miner: string, found: readonly string[], recent: readonly string[]): Observed {
  const countIn = (names: readonly string[]): number =>
    names.filter((name) => name === miner).length;
  const [recentBlocks, recentOfAll] = [countIn(recent), recent.length];
  return {
    blocks: countIn(found),
    recentBlocks,
    recentOfAll,
    share: recentOfAll === 0 ? null : recentBlocks / recentOfAll,
    interval: wilsonInterval(recentBlocks, recentOfAll),
  };
}
