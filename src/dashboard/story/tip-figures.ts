/** How the tips compare: work of their branches, block interval, work per block. */

import type { BlockHash } from "../../primitives/brand.ts";
import type { Story, StoryBlock } from "./story.ts";

export type TipFigures = {
  /** Expected hashes since the lowest block of the story; null if unknown. */
  readonly work: bigint | null;
  /** Work more than the best tip's, counted in the best tip's blocks; negative if behind. */
  readonly lead: number | null;
  /** Work since the branches of these tips forked, relative to the greatest; 1 for a single tip. */
  readonly part: number;
  /** Of the last blocks of the branch, on average; null if there are not two. */
  readonly intervalMs: number | null;
  /** Expected hashes of the tip's own block. */
  readonly blockWork: bigint | null;
};

/** Blocks that the interval is averaged over. */
export const intervalBlocks = 20;

/**
 * @param tips blocks of the story.
 * @param best the one that others are compared with.
 * @param root the lowest block of the story.
 */
export function tipFigures(
  story: Story,
  tips: readonly BlockHash[],
  { best, root }: { readonly best: BlockHash | null; readonly root: StoryBlock | undefined },
): ReadonlyMap<BlockHash, TipFigures> {
  const base = workOf(story, forkOf(story, tips)) ?? 0n;
  const sinceFork = tips.map((tip) => Number((workOf(story, tip) ?? base) - base));
  const greatest = Math.max(1, ...sinceFork);
  const [bestWork, bestBlockWork] = [workOf(story, best), blockWorkOf(story, best)];
  const entries = tips.map((tip, i): [BlockHash, TipFigures] => {
    const work = workOf(story, tip);
    const isCompared = work !== null && bestWork !== null && bestBlockWork !== null;
    const figures = {
      work: work === null ? null : work - (root?.work ?? 0n),
      lead: isCompared ? Number(work - bestWork) / Number(bestBlockWork) : null,
      part: tips.length === 1 ? 1 : (sinceFork[i] ?? 0) / greatest,
      intervalMs: intervalBefore(story, tip),
      blockWork: blockWorkOf(story, tip),
    };
    return [tip, figures];
  });
  return new Map(entries);
}

/** The highest block below all of them; null if the story does not reach down to it. */
function forkOf(story: Story, tips: readonly BlockHash[]): BlockHash | null {
  let ends = new Set(tips);
  while (ends.size > 1) {
    const blocks = [...ends].map((hash) => story.block(hash));
    const greatest = Math.max(...blocks.map((block) => block?.height ?? 0));
    ends = new Set();
    for (const block of blocks) {
      const lower = block?.height === greatest ? block.previous : block?.hash;
      if (lower === undefined || lower === null) return null;
      ends.add(lower);
    }
  }
  const [fork = null] = ends;
  return fork;
}

function workOf(story: Story, hash: BlockHash | null): bigint | null {
  return hash === null ? null : (story.block(hash)?.work ?? null);
}

function blockWorkOf(story: Story, hash: BlockHash | null): bigint | null {
  const work = workOf(story, hash);
  const before = hash === null ? null : workOf(story, story.block(hash)?.previous ?? null);
  return work === null || before === null || work <= before ? null : work - before;
}

/** A block without a parent in the story is older than the story: when it arrived is unknown. */
function intervalBefore(story: Story, tip: BlockHash): number | null {
  const newest = story.block(tip);
  let oldest = newest;
  let blocks = 0;
  while (blocks < intervalBlocks && oldest?.previous) {
    const parent = story.block(oldest.previous);
    if (parent === undefined || parent.previous === null) break;
    oldest = parent;
    blocks += 1;
  }
  if (newest === undefined || oldest === undefined || blocks === 0) return null;
  return (newest.at - oldest.at) / blocks;
}
