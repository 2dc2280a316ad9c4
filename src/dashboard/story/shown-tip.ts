/** Which tip a node has, as far as a viewer can know: a withheld block is known to its miner only. */

import type { BlockHash } from "../../primitives/brand.ts";
import type { Standings } from "./standing.ts";
import type { Story, StoryNode } from "./story.ts";

export type ShownTip = { readonly hash: BlockHash; readonly isWithheld: boolean };

/**
 * @param viewer a node's name; null sees all.
 * @returns null if the node has no tip, or none that the viewer could know.
 */
export function shownTip(
  story: Story,
  standings: Standings,
  node: Pick<StoryNode, "name" | "tip">,
  viewer: string | null,
): ShownTip | null {
  const isOpen = viewer === null || viewer === node.name;
  for (let hash = node.tip; hash !== null; hash = story.block(hash)?.previous ?? null) {
    const isWithheld = standings.of(hash) === "withheld";
    if (isOpen || !isWithheld) return { hash, isWithheld };
  }
  return null;
}
