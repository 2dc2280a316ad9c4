/** What keeps records beside the coins and follows the tip: an index, a count. */

import type { Coin } from "../consensus/coin.ts";
import type { Store, Write } from "../machine/store.ts";
import type { BranchBlock } from "./change.ts";

/**
 * Follows every move of the tip with records of its own, in the batch that moves the tip: so a
 * crash loses both or neither.
 *
 * Nothing makes up for blocks that it did not see: give a chain the same companions from its
 * first block on, and no two that write the same keys.
 */
export interface BranchCompanion {
  /** Begins to follow one move. `store` holds what was true at the old tip; it must not change. */
  follow(store: Store): CompanionLayer;
}

/** What one move of the tip changes; dropped if a block of the branch turns out to be invalid. */
export interface CompanionLayer {
  /**
   * Takes the tip's block back; the newest first, and all of them before any `connect`.
   *
   * @param spent the coins that the block spent, in the order of its inputs.
   */
  disconnect(block: BranchBlock, spent: readonly Coin[]): void;
  /** Adds a verified block, upwards from the fork. */
  connect(block: BranchBlock, spent: readonly Coin[]): void;
  /** What must be written once the whole branch has been verified. */
  writes(): readonly Write[];
}
