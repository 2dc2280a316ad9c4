/** The index behind all look-ups: where transactions stand, and what happened to each script. */

import type { BranchBlock } from "../chain/change.ts";
import type { BranchCompanion, CompanionLayer } from "../chain/companion.ts";
import type { Coin } from "../consensus/coin.ts";
import type { Store, Write } from "../machine/store.ts";
import { connectedTransactions } from "./connected.ts";
import { encodeIndexState, indexKey, type IndexState } from "./index-state.ts";
import { ScriptLayer } from "./script-layer.ts";
import { TransactionLayer } from "./transaction-layer.ts";

/**
 * Keeps the records `transaction/…`, `layout/…`, `script/…`, `history/…` and `index`. It follows
 * any branch block by block, so it may also be built later than the chain, from stored blocks.
 */
export const lookupIndex: BranchCompanion = { follow: (store) => new LookupLayer(store) };

class LookupLayer implements CompanionLayer {
  readonly #transactions: TransactionLayer;
  readonly #scripts: ScriptLayer;
  #state: IndexState | undefined;

  constructor(store: Store) {
    this.#transactions = new TransactionLayer(store);
    this.#scripts = new ScriptLayer(store);
  }

  connect(place: BranchBlock, spent: readonly Coin[]): void {
    const transactions = connectedTransactions(place, spent);
    this.#transactions.connect(place, transactions);
    this.#scripts.connect(place, transactions);
    this.#state = place;
  }

  /** The last transaction first: a coin that this block made and spent is given back, then gone. */
  disconnect(place: BranchBlock, spent: readonly Coin[]): void {
    const transactions = connectedTransactions(place, spent).reverse();
    this.#transactions.disconnect(place, transactions);
    this.#scripts.disconnect(transactions);
    this.#state = { height: place.height - 1, hash: place.block.header.previous };
  }

  writes(): readonly Write[] {
    const writes = [...this.#transactions.writes(), ...this.#scripts.writes()];
    return this.#state === undefined ? writes : [...writes, stateWrite(this.#state)];
  }
}

/** Genesis is in no index: without another block there is no record. */
function stateWrite(state: IndexState): Write {
  if (state.height === 0) return { type: "delete", key: indexKey };
  return { type: "put", key: indexKey, value: encodeIndexState(state) };
}
