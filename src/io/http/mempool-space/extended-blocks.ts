/** Reads blocks with their fees and sums, and keeps the latest answers: a hash commits to them. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { TreeEntry } from "../../../chain/tree.ts";
import type { ExtendedBlockJson } from "../../../contract/mempool-space.ts";
import type { Node } from "../../../node/node.ts";
import type { BlockHash } from "../../../primitives/brand.ts";
import { extendedBlockJson } from "./extended-block.ts";

const keptMax = 200;

export class ExtendedBlocks {
  readonly #node: Node;
  /** The one that was asked for longest ago first. */
  readonly #kept = new Map<BlockHash, ExtendedBlockJson>();

  constructor(node: Node) {
    this.#node = node;
  }

  /** Undefined if the body is not kept. */
  get(entry: TreeEntry): ExtendedBlockJson | undefined {
    const json = this.#kept.get(entry.hash) ?? this.#read(entry);
    this.#kept.delete(entry.hash);
    // What a block spends is known from the time when it first is active.
    if (json === undefined || json.extras.totalFees === null) return json;
    this.#kept.set(entry.hash, json);
    if (this.#kept.size > keptMax) this.#dropOldest();
    return json;
  }

  /** A block and those before it; a full one takes long, so the node may go on between them. */
  async down(first: TreeEntry, countMax: number): Promise<ExtendedBlockJson[]> {
    const found: ExtendedBlockJson[] = [];
    let entry: TreeEntry | undefined = first;
    for (; entry !== undefined && found.length < countMax; entry = entry.parent) {
      if (!this.#kept.has(entry.hash)) await nextTurn();
      const json = this.get(entry);
      if (json === undefined) throw new Error(`the body of the block ${entry.hash} is gone`);
      found.push(json);
    }
    return found;
  }

  #read(entry: TreeEntry): ExtendedBlockJson | undefined {
    const { chain } = this.#node;
    const block = chain.blockOf(entry.hash);
    const { measures } = entry;
    if (block === undefined || measures === undefined) return undefined;
    const known = { entry, measures, block, spent: chain.spentBy(entry.hash) };
    return extendedBlockJson(known, chain.params.addressPrefix);
  }

  #dropOldest(): void {
    for (const hash of this.#kept.keys()) {
      this.#kept.delete(hash);
      return;
    }
  }
}
