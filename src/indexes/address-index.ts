/** Which coins each taproot key owns, which transactions touched them, and the sums of both. */

import type { BranchBlock } from "../chain/change.ts";
import type { BranchCompanion, CompanionLayer } from "../chain/companion.ts";
import type { Coin } from "../consensus/coin.ts";
import type { Store, Write } from "../machine/store.ts";
import { hashBytes } from "../primitives/hash.ts";
import { taprootKey } from "../primitives/script.ts";
import type { OutPoint, Output } from "../primitives/transaction.ts";
import {
  decodeTotals,
  encodeTotals,
  historyKey,
  type KeyTotals,
  noTotals,
  ownedKey,
  type Owner,
  ownerOf,
  totalsKey,
} from "./address-records.ts";
import { type ConnectedTransaction, connectedTransactions } from "./connected.ts";
import { GatheredWrites } from "./gathered-writes.ts";

/** Keeps the records `owned/…`, `history/…` and `totals/…`. */
export const addressIndex: BranchCompanion = { follow: (store) => new AddressLayer(store) };

/** The key says it all. */
const empty = new Uint8Array();

class AddressLayer implements CompanionLayer {
  readonly #store: Store;
  readonly #writes = new GatheredWrites();
  /** Of the owners that this move touches, as they will be. */
  readonly #totals = new Map<Owner, Mutable<KeyTotals>>();

  constructor(store: Store) {
    this.#store = store;
  }

  connect(place: BranchBlock, spent: readonly Coin[]): void {
    for (const touch of touchesOf(place, spent)) {
      for (const { owner, point } of touch.taken) this.#writes.delete(ownedKey(owner, point));
      for (const { owner, point } of touch.made) this.#writes.put(ownedKey(owner, point), empty);
      const record = hashBytes(touch.txid);
      for (const owner of touch.owners) {
        this.#writes.put(historyKey(owner, place.height, touch.position), record);
      }
      this.#count(touch, 1);
    }
  }

  /** The last transaction first: a coin that this block made and spent is given back, then gone. */
  disconnect(place: BranchBlock, spent: readonly Coin[]): void {
    for (const touch of touchesOf(place, spent).reverse()) {
      for (const { owner, point } of touch.taken) this.#writes.put(ownedKey(owner, point), empty);
      for (const { owner, point } of touch.made) this.#writes.delete(ownedKey(owner, point));
      for (const owner of touch.owners) {
        this.#writes.delete(historyKey(owner, place.height, touch.position));
      }
      this.#count(touch, -1);
    }
  }

  writes(): readonly Write[] {
    for (const [owner, totals] of this.#totals) {
      if (totals.transactionCount > 0) this.#writes.put(totalsKey(owner), encodeTotals(totals));
      else this.#writes.delete(totalsKey(owner));
    }
    return this.#writes.list();
  }

  #count(touch: Touch, sign: 1 | -1): void {
    for (const { owner, value } of touch.made) {
      const totals = this.#totalsOf(owner);
      totals.fundedCount += sign;
      totals.fundedSum += sign * value;
    }
    for (const { owner, value } of touch.taken) {
      const totals = this.#totalsOf(owner);
      totals.spentCount += sign;
      totals.spentSum += sign * value;
    }
    for (const owner of touch.owners) this.#totalsOf(owner).transactionCount += sign;
  }

  #totalsOf(owner: Owner): Mutable<KeyTotals> {
    let totals = this.#totals.get(owner);
    if (totals === undefined) {
      const record = this.#store.get(totalsKey(owner));
      totals = record ? decodeTotals(record) : { ...noTotals };
      this.#totals.set(owner, totals);
    }
    return totals;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type OwnedCoin = { readonly owner: Owner; readonly point: OutPoint; readonly value: number };

/** What one transaction did to owners of coins. */
type Touch = Pick<ConnectedTransaction, "txid" | "position"> & {
  readonly made: readonly OwnedCoin[];
  readonly taken: readonly OwnedCoin[];
  /** Each once. */
  readonly owners: ReadonlySet<Owner>;
};

function touchesOf(place: BranchBlock, spent: readonly Coin[]): Touch[] {
  return connectedTransactions(place, spent).map((transaction) => {
    const { txid, position } = transaction;
    const made = transaction.outputs.flatMap((output, index) => owned(output, { txid, index }));
    const taken = transaction.spent.flatMap(({ point, coin }) => owned(coin.output, point));
    const owners = new Set([...made, ...taken].map(({ owner }) => owner));
    return { txid, position, made, taken, owners };
  });
}

/** Nothing for an output without an owner: data. */
function owned({ script, value }: Output, point: OutPoint): OwnedCoin[] {
  const key = taprootKey(script);
  return key ? [{ owner: ownerOf(key), point, value }] : [];
}
