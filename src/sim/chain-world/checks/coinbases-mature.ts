/** No block spends an immature coinbase: counted here from the undo records. */

import type { TreeEntry } from "../../../chain/tree.ts";
import type { BlockHash } from "../../../primitives/brand.ts";
import type { ChainStepCheck, Subject } from "./check.ts";

/** Looks at each active block once, whichever node has it. */
export class CoinbasesMature implements ChainStepCheck {
  readonly name = "coinbases mature";
  readonly everySteps = 1;
  readonly #seen = new Set<BlockHash>();

  findViolation({ chain }: Subject): string | undefined {
    let at: TreeEntry | undefined = chain.tip;
    for (; at?.parent !== undefined && !this.#seen.has(at.hash); at = at.parent) {
      this.#seen.add(at.hash);
      const { hash, height } = at;
      const ripeHeight = height - chain.params.coinbaseMaturity;
      const unripe = chain.spentBy(hash)?.find((coin) => {
        return coin.isCoinbase && coin.height > ripeHeight;
      });
      if (unripe) return `block ${height} spends the coinbase of block ${unripe.height}`;
    }
    return undefined;
  }
}
