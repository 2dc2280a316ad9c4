/** The branch below a tip: which blocks are on it. */

import type { BlockHash } from "../../primitives/brand.ts";
import type { Story } from "./story.ts";

/** The one of these blocks that is the tip or an ancestor of it; null if none is. */
export function blockOnBranch(
  story: Story,
  tip: BlockHash,
  blocks: readonly BlockHash[],
): BlockHash | null {
  if (blocks.length === 0) return null;
  const lowest = Math.min(...blocks.map((hash) => story.block(hash)?.height ?? 0));
  for (let hash: BlockHash | null = tip; hash !== null;) {
    if (blocks.includes(hash)) return hash;
    const block = story.block(hash);
    if (block === undefined || block.height <= lowest) return null;
    hash = block.previous;
  }
  return null;
}

/** Names of the nodes that are up and whose branch holds the block. */
export function holdersOf(story: Story, hash: BlockHash): readonly string[] {
  return story.nodes
    .filter(({ state, tip }) => state === "up" && tip !== null && isOn(story, tip, hash))
    .map(({ name }) => name);
}

function isOn(story: Story, tip: BlockHash, hash: BlockHash): boolean {
  return blockOnBranch(story, tip, [hash]) !== null;
}
