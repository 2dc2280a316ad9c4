/** Which blocks came so short a time ago that the tree draws them as coming. */

import type { BlockHash, Milliseconds } from "../../primitives/brand.ts";
import type { Story, StoryBlock } from "./story.ts";

export const freshMs = 700;
/** Of more at once nobody sees how each comes, and a browser gives each a layer of its own. */
export const freshMax = 4;

/**
 * Of a flood only the first, and they stay the same until they are no longer fresh: what began to
 * come does not begin again.
 *
 * @param tips where to look: those of their branches.
 */
export function freshBlocks(
  story: Story,
  tips: readonly BlockHash[],
  at: Milliseconds,
): ReadonlySet<BlockHash> {
  const recent = new Set<StoryBlock>();
  for (const tip of tips) addRecent(story, tip, at, recent);
  const fresh = [...recent].filter((block) => {
    if (at - block.at >= freshMs) return false;
    const before = [...recent].filter((each) => each.at < block.at && block.at - each.at < freshMs);
    return before.length < freshMax;
  });
  return new Set(fresh.map(({ hash }) => hash));
}

/** Twice as old ones, too: they decide whether the others belong to a flood. */
function addRecent(story: Story, tip: BlockHash, at: Milliseconds, recent: Set<StoryBlock>): void {
  let block = story.block(tip);
  // The first block of the story did not come: it was there.
  while (block !== undefined && block.previous !== null && at - block.at < 2 * freshMs) {
    if (recent.has(block)) return;
    recent.add(block);
    block = story.block(block.previous);
  }
}
