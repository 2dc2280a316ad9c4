/** How long the two branches of a double spend are when it is judged. */

import type { Outcome } from "../record/reversal.ts";
import type { DoubleSpendPhase } from "./behaviour.ts";

export type BranchLengths = { readonly secretBlocks: number; readonly publicBlocks: number };

/** What the shop's node has when nothing changes any more. */
export type FinalView = {
  readonly outcome: Outcome;
  /** Of the shop's tip. */
  readonly height: number;
  /** Blocks of the deepest reorganisation that took the payment back. */
  readonly reorganisationDepth: number;
};

/**
 * The lengths above the fork. The attacker's node counts until she publishes; a block of the public
 * branch that was on its way then is missing from its count, and may decide the race.
 */
export function finalLengths(
  counted: BranchLengths,
  { phase, forkHeight }: { readonly phase: DoubleSpendPhase; readonly forkHeight: number },
  { outcome, height, reorganisationDepth }: FinalView,
): BranchLengths {
  const { secretBlocks, publicBlocks } = counted;
  if (phase !== "published") return counted;
  switch (outcome) {
    case "failed":
      return { secretBlocks, publicBlocks: Math.max(publicBlocks, height - forkHeight) };
    case "reversed":
      return { secretBlocks, publicBlocks: Math.max(publicBlocks, reorganisationDepth) };
    case "undecided":
      return counted;
  }
}
