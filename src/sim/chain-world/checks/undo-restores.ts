/** The coins after a block are the same on every way there: forwards, back by undo, after a crash. */

import { CoinLayer, storedCoins } from "../../../chain/coins.ts";
import { disconnectBlock } from "../../../chain/connect.ts";
import { coinPrefix } from "../../../chain/records.ts";
import { UtxoHasher } from "../../../indexes/utxo-hash.ts";
import type { Key, Write } from "../../../machine/store.ts";
import type { BlockHash, PeerId } from "../../../primitives/brand.ts";
import type { ChainStepCheck, Subject } from "./check.ts";

/** Blocks whose coins are remembered. */
const blocksMax = 10_000;

/** Looks only when the tip has moved; all nodes of a world share one memory. */
export class UndoRestores implements ChainStepCheck {
  readonly name = "undo restores";
  readonly everySteps = 1;
  /** The hash over all coins, by the tip to which they belong. */
  readonly #coinsAt = new Map<BlockHash, string>();
  readonly #lastTip = new Map<PeerId, BlockHash>();

  findViolation(subject: Subject): string | undefined {
    const { tip } = subject.chain;
    if (tip.parent === undefined || this.#lastTip.get(subject.name) === tip.hash) return undefined;
    this.#lastTip.set(subject.name, tip.hash);
    if (!this.#agrees(tip.hash, hashOfCoins(subject.store))) {
      return `the coins at block ${tip.hash} are not what they were before`;
    }
    if (!this.#agrees(tip.parent.hash, hashOfCoins(subject.store, undoTip(subject)))) {
      return `undoing block ${tip.hash} does not restore the coins below it`;
    }
    return undefined;
  }

  #agrees(block: BlockHash, coins: string): boolean {
    const known = this.#coinsAt.get(block);
    if (known !== undefined) return known === coins;
    this.#coinsAt.set(block, coins);
    for (const oldest of this.#coinsAt.keys()) {
      if (this.#coinsAt.size <= blocksMax) break;
      this.#coinsAt.delete(oldest);
    }
    return true;
  }
}

/** What undoing the newest block would write. */
function undoTip({ chain, store }: Subject): Write[] {
  const block = chain.blockOf(chain.tip.hash);
  const undo = chain.spentBy(chain.tip.hash);
  if (!block || !undo) throw new Error(`block ${chain.tip.hash} cannot be undone`);
  const layer = new CoinLayer(storedCoins(store));
  disconnectBlock(block, undo, layer);
  return layer.writes();
}

/** One hash over all coins in a store, as they would be after more writes. */
export function hashOfCoins(store: Subject["store"], writes: readonly Write[] = []): string {
  const records = new Map<Key, Uint8Array>(store.scan(coinPrefix));
  for (const write of writes) {
    if (write.type === "put") records.set(write.key, write.value);
    else records.delete(write.key);
  }
  const hasher = new UtxoHasher();
  for (const [key, record] of [...records].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hasher.add(key, record);
  }
  return hasher.finish().hash;
}
