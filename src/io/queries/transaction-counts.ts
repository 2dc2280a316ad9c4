/** How many transactions the active branch has up to a block: counted once, then followed. */

import type { Chain } from "../../chain/chain.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import type { BlockHash } from "../../primitives/brand.ts";
import { TimeSlices } from "../platform/time-slices.ts";

type Total = { readonly hash: BlockHash; readonly transactions: number };

export class TransactionCounts {
  readonly #chain: Chain;
  /** By height. */
  readonly #totals: Total[] = [];

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  /**
   * From genesis to this block, both counted; the first call reads every block, in slices.
   *
   * @returns undefined if the block is not on the active branch, or left it meanwhile.
   */
  async upTo(entry: TreeEntry): Promise<number | undefined> {
    const slices = new TimeSlices();
    this.#forgetLeft();
    while (this.#totals.length <= entry.height) {
      if (!this.#chain.isActive(entry)) return undefined;
      this.#countNext();
      await slices.turn();
      this.#forgetLeft(); // the tip may have moved
    }
    const total = this.#totals[entry.height];
    return total?.hash === entry.hash ? total.transactions : undefined;
  }

  #countNext(): void {
    const next = this.#chain.entryAt(this.#totals.length);
    const block = next && this.#chain.blockOf(next.hash);
    if (next === undefined || block === undefined) throw new Error("an active block is missing");
    const before = this.#totals.at(-1)?.transactions ?? 0;
    this.#totals.push({ hash: next.hash, transactions: before + block.transactions.length });
  }

  /** Drops what is no longer on the active branch. */
  #forgetLeft(): void {
    for (let last = this.#totals.at(-1); last !== undefined; last = this.#totals.at(-1)) {
      if (this.#chain.entryAt(this.#totals.length - 1)?.hash === last.hash) return;
      this.#totals.pop();
    }
  }
}
