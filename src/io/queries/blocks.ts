/** Finds blocks whose bodies are kept. */

import type { Chain } from "../../chain/chain.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import type { BlockMeasures } from "../../primitives/block.ts";
import type { BlockHash } from "../../primitives/brand.ts";

export type FoundBlock = { readonly entry: TreeEntry; readonly measures: BlockMeasures };

/** A block of any branch; undefined if it is unknown, or only its header is kept. */
export function findBlock(chain: Chain, hash: BlockHash): FoundBlock | undefined {
  const entry = chain.tree.get(hash);
  return entry?.measures && { entry, measures: entry.measures };
}

/**
 * A block of the active branch and those before it.
 *
 * @param first must be on the active branch: of others a body may be missing.
 */
export function findBlocksDown(first: TreeEntry, countMax: number): FoundBlock[] {
  const found: FoundBlock[] = [];
  let entry: TreeEntry | undefined = first;
  for (; entry !== undefined && found.length < countMax; entry = entry.parent) {
    const { measures, hash } = entry;
    if (measures === undefined) throw new Error(`the body of the active block ${hash} is gone`);
    found.push({ entry, measures });
  }
  return found;
}

/** A block of the active branch and the one that follows it there. */
export type ActiveBlock = { readonly entry: TreeEntry; readonly next: TreeEntry | undefined };

/** Undefined if the block is unknown, or on another branch. */
export function findActive(chain: Chain, hash: BlockHash): ActiveBlock | undefined {
  const entry = chain.tree.get(hash);
  if (entry === undefined || !chain.isActive(entry)) return undefined;
  return { entry, next: chain.entryAt(entry.height + 1) };
}
