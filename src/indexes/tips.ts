/** Where branches end, with the statuses of Bitcoin Core's `getchaintips`. */

import type { Chain } from "../chain/chain.ts";
import type { TreeEntry } from "../chain/tree.ts";
import type { BlockHash } from "../primitives/brand.ts";

export type TipStatus =
  /** The active branch. */
  | "active"
  /** Fully verified once, but not active. */
  | "valid-fork"
  /** All bodies are there, never verified. */
  | "valid-headers"
  /** Some body is missing. */
  | "headers-only"
  | "invalid";

export type BranchTip = {
  readonly hash: BlockHash;
  readonly height: number;
  /** Blocks since it left the active branch. */
  readonly branchLength: number;
  readonly status: TipStatus;
  /** Expected hashes from genesis to here. */
  readonly work: bigint;
};

/** The ends of all branches, the highest first; the active tip is among them. */
export function branchTips(chain: Chain): BranchTip[] {
  const ends = new Set([chain.tip, ...chain.tree.leaves()]);
  const tips = Array.from(ends, (entry) => ({
    hash: entry.hash,
    height: entry.height,
    branchLength: branchLength(chain, entry),
    status: statusOf(chain, entry),
    work: entry.work,
  }));
  return tips.sort((a, b) => b.height - a.height || (a.hash < b.hash ? -1 : 1));
}

function statusOf(chain: Chain, entry: TreeEntry): TipStatus {
  if (chain.isActive(entry)) return "active";
  if (entry.isInvalid) return "invalid";
  if (!entry.isLinked) return "headers-only";
  return chain.spentBy(entry.hash) === undefined ? "valid-headers" : "valid-fork";
}

function branchLength(chain: Chain, entry: TreeEntry): number {
  let at = entry;
  while (at.parent !== undefined && !chain.isActive(at)) at = at.parent;
  return entry.height - at.height;
}
