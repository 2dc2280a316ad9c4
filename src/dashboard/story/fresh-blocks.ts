/** Which blocks are so new that the tree animates their arrival. */

import type { BlockHash, Milliseconds } from "../../primitives/brand.ts";
import type { Story, StoryBlock } from "./story.ts";

export const freshMs = 700;
/** More at once cannot be followed, and a browser gives each a layer of its own. */
export const freshMax = 4;

/**
 * Of many at once only the first few. They stay the same until they are no longer new, so that no
 * animation starts twice.
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

/** Blocks up to twice as old count when the first few are chosen. */
function addRecent(story: Story, tip: BlockHash, at: Milliseconds, recent: Set<StoryBlock>): void {
  let block = story.block(tip);
  // The first block of the story did not arrive: it was there before.
  while (block !== undefined && block.previous !== null && at - block.at < 2 * freshMs) {
    if (recent.has(block)) return;
    recent.add(block);
    block = story.block(block.previous);
  }
}
