/**
 * No node marks a block as invalid that is on another one's active branch, as a changed body might
 * cause.
 */

import type { TreeEntry } from "../../../chain/tree.ts";
import type { BlockHash, PeerId } from "../../../primitives/brand.ts";
import type { ChainStepCheck, Subject } from "./check.ts";

/** It looks at the ends of all branches. */
const everySteps = 10;

/** All nodes of a world share one memory. */
export class ValidityAgrees implements ChainStepCheck {
  readonly name = "nodes agree on validity";
  readonly everySteps = everySteps;
  /** Blocks on some node's active branch, which are valid for that reason. */
  readonly #valid = new Set<BlockHash>();
  readonly #invalid = new Map<BlockHash, PeerId>();

  findViolation({ name, chain }: Subject): string | undefined {
    for (let at: TreeEntry | undefined = chain.tip; at; at = at.parent) {
      if (this.#valid.has(at.hash)) break;
      this.#valid.add(at.hash);
      const judge = this.#invalid.get(at.hash);
      if (judge !== undefined) return describe(judge, at.hash);
    }
    for (const leaf of chain.tree.leaves()) {
      for (let at: TreeEntry | undefined = leaf; at?.isInvalid; at = at.parent) {
        if (this.#valid.has(at.hash)) return describe(name, at.hash);
        this.#invalid.set(at.hash, name);
      }
    }
    return undefined;
  }
}

function describe(judge: PeerId, hash: BlockHash): string {
  return `${judge} holds block ${hash} invalid, which is in another node's chain`;
}
