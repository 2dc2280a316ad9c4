/** The share of the blocks that each miner found. */

import { type Interval, wilsonInterval } from "../../theory/statistics.ts";
import type { Story } from "./story.ts";

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
    // Without blocks, any share is possible.
    interval: recentOfAll === 0 ? [0, 1] : wilsonInterval(recentBlocks, recentOfAll),
  };
}
