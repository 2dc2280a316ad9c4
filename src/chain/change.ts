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
 * A move of the tip: first the blocks in `back` were undone, from the old tip down, then those in
 * `forth` were connected, upwards. Only `Chain` makes one, of a branch that it has verified.
 */
export type TipChange = {
  readonly back: readonly BranchBlock[];
  readonly forth: readonly BranchBlock[];
  readonly [verified]: true;
};
