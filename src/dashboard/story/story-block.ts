/** A block as far as it is known, and all blocks with their children. */

import type { BlockHash, Milliseconds, Txid } from "../../primitives/brand.ts";

export type StoryBlock = {
  readonly hash: BlockHash;
  readonly height: number;
  /** Null for the first block of the story, whose parent is not in it. */
  readonly previous: BlockHash | null;
  /** Expected hashes from genesis to here; null if unknown. */
  readonly work: bigint | null;
  /** As its header says, in seconds since 1970; null if unknown. */
  readonly time: number | null;
  readonly bits: number | null;
  readonly sizeBytes: number | null;
  readonly transactions: number;
  /** Without the coinbase; of a large block only the first. */
  readonly txids: readonly Txid[];
  readonly miner: string | null;
  /** Whether only its miner knew it at first. */
  readonly isSecret: boolean;
  /** When the first node reported it. */
  readonly at: Milliseconds;
  /** Nodes that have it, in the order of arrival. */
  readonly arrivals: readonly Arrival[];
};

export type Arrival = {
  readonly node: string;
  readonly at: Milliseconds;
  /** The peer that sent it; null if none did. */
  readonly from: string | null;
};

export function emptyBlock(hash: BlockHash, height: number, at: Milliseconds): StoryBlock {
  return {
    hash,
    height,
    previous: null,
    work: null,
    time: null,
    bits: null,
    sizeBytes: null,
    transactions: 0,
    txids: [],
    miner: null,
    isSecret: false,
    at,
    arrivals: [],
  };
}

/** Five hours of a usual lab; the oldest are dropped first. */
export const blocksMax = 10_000;

/** A block never changes in place, so a copy of this is quick and takes little. */
export class StoryBlocks {
  readonly #blocks: Map<BlockHash, StoryBlock>;
  readonly #children: Map<BlockHash, readonly BlockHash[]>;

  constructor(original?: StoryBlocks) {
    this.#blocks = new Map(original?.blocks);
    this.#children = new Map(original?.families);
  }

  /** In the order of their first report. */
  get blocks(): ReadonlyMap<BlockHash, StoryBlock> {
    return this.#blocks;
  }

  /** The children of each block that has any. */
  get families(): ReadonlyMap<BlockHash, readonly BlockHash[]> {
    return this.#children;
  }

  /** Adds a block, or replaces what was known of it. */
  put(block: StoryBlock): void {
    const known = this.#blocks.get(block.hash);
    this.#blocks.set(block.hash, block);
    if (block.previous !== null && block.previous !== known?.previous) {
      const siblings = this.#children.get(block.previous) ?? [];
      this.#children.set(block.previous, [...siblings, block.hash]);
    }
    if (this.#blocks.size > blocksMax) this.#dropOldest();
  }

  #dropOldest(): void {
    const [oldest] = this.#blocks.values();
    if (oldest === undefined) return;
    this.#blocks.delete(oldest.hash);
    for (const child of this.#children.get(oldest.hash) ?? []) {
      const orphan = this.#blocks.get(child);
      if (orphan !== undefined) this.#blocks.set(child, { ...orphan, previous: null });
    }
    this.#children.delete(oldest.hash);
  }
}
