/** The colours of branches, which mean the same in all views. */

import type { BlockHash } from "../../../primitives/brand.ts";
import type { TreeLayout } from "../../story/tree-layout.ts";

const colourCount = 8;

/** Of the branch that this block is on; grey if it has no place in the tree. */
export function branchColour(layout: TreeLayout, hash: BlockHash): string {
  const place = layout.placeOf(hash);
  return place === undefined ? "var(--muted)" : `var(--branch-${place.lane % colourCount})`;
}
