/** How the blocks since a moment are divided between an attacker and the others, as one node sees it. */

import type { BlockTally } from "../../attacks/record/step.ts";
import type { EventJson } from "../../contract/node-api.ts";
import type { BlockHash } from "../../primitives/brand.ts";

export class Tally {
  readonly #isAttackers: (hash: BlockHash) => boolean;
  /** Heights of all blocks that the node has got since then. */
  readonly #heights = new Map<BlockHash, number>();
  /** Those of them that are on its active branch. */
  readonly #active = new Set<BlockHash>();

  constructor(isAttackers: (hash: BlockHash) => boolean) {
    this.#isAttackers = isAttackers;
  }

  /** Blocks on all branches. */
  get found(): number {
    return this.#heights.size;
  }

  /** Follows the node's events; answers whether its active branch has changed. */
  note(event: EventJson): boolean {
    switch (event.type) {
      case "block-accepted":
        this.#heights.set(event.hash, event.height);
        return false;
      case "tip-extended":
        this.#connect(event.tip, event.height);
        return true;
      case "reorganised": {
        const { back, forth, fork_height: forkHeight } = event;
        for (const hash of back) this.#active.delete(hash);
        for (const [i, hash] of forth.entries()) this.#connect(hash, forkHeight + 1 + i);
        return true;
      }
      case "block-rejected":
      case "transaction-admitted":
      case "transaction-removed":
      case "peer-ready":
      case "peer-left":
      case "peer-banned":
      case "miners-rest":
      case "clock-disagrees":
        return false;
    }
  }

  /** Blocks above `heightMax` do not count. */
  upTo(heightMax: number): BlockTally {
    let [attackerBlocks, honestBlocks, staleBlocks] = [0, 0, 0];
    for (const [hash, height] of this.#heights) {
      if (height > heightMax) continue;
      if (!this.#active.has(hash)) staleBlocks += 1;
      else if (this.#isAttackers(hash)) attackerBlocks += 1;
      else honestBlocks += 1;
    }
    return { attackerBlocks, honestBlocks, staleBlocks };
  }

  #connect(hash: BlockHash, height: number): void {
    this.#heights.set(hash, height);
    this.#active.add(hash);
  }
}
