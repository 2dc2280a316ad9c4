/** How the tip moved. */

import type { Block } from "../primitives/block.ts";
import type { BlockHash } from "../primitives/brand.ts";

/** A block in its place on a branch. */
export type BranchBlock = {
  readonly hash: BlockHash;
  readonly height: number;
  readonly block: Block;
};

declare const verified: unique symbol;

/**
 * A move of the tip, made only when the whole new branch has been verified: first the blocks in
 * `back` were undone, from the old tip down, then those in `forth` were connected, upwards.
 */
export type TipChange = {
  readonly back: readonly BranchBlock[];
  readonly forth: readonly BranchBlock[];
  readonly [verified]: true;
};

/** Only the chain calls this, after it has verified `forth`. */
export function tipChange(back: readonly BranchBlock[], forth: readonly BranchBlock[]): TipChange {
  return { back, forth } as TipChange;
}
