/** Transactions whose parents have not come yet. */

import type { Elapsed, PeerId, Txid, Wtxid } from "../primitives/brand.ts";
import { type Transaction, wtxidOf } from "../primitives/transaction.ts";
import { isOverdue, type MempoolPolicy } from "./policy.ts";

type Orphan = {
  readonly transaction: Transaction;
  /** Undefined for our own user. */
  readonly from: PeerId | undefined;
  readonly time: Elapsed;
};

export class Orphans {
  readonly #policy: MempoolPolicy;
  /** The oldest first. */
  readonly #orphans = new Map<Wtxid, Orphan>();

  constructor(policy: MempoolPolicy) {
    this.#policy = policy;
  }

  get count(): number {
    return this.#orphans.size;
  }

  has(wtxid: Wtxid): boolean {
    return this.#orphans.has(wtxid);
  }

  /** Keeps a transaction; if there is no room, the oldest of the peer that sent most is dropped. */
  add(transaction: Transaction, from: PeerId | undefined, time: Elapsed): void {
    const wtxid = wtxidOf(transaction);
    if (this.#orphans.has(wtxid)) return;
    this.#orphans.set(wtxid, { transaction, from, time });
    if (this.count > this.#policy.orphansMax) this.#dropOne();
  }

  remove(transaction: Transaction): void {
    this.#orphans.delete(wtxidOf(transaction));
  }

  /** Those that wait for an output of `parent`, the oldest first. */
  childrenOf(parent: Txid): Transaction[] {
    return this.#where(({ inputs }) => inputs.some(({ previous }) => previous.txid === parent));
  }

  /** Drops those for which `isHopeless`. */
  drop(isHopeless: (transaction: Transaction) => boolean): void {
    for (const transaction of this.#where(isHopeless)) this.remove(transaction);
  }

  expire(now: Elapsed): void {
    for (const [wtxid, { time }] of this.#orphans) {
      if (isOverdue(time, this.#policy.orphanExpiryMs, now)) this.#orphans.delete(wtxid);
    }
  }

  #where(holds: (transaction: Transaction) => boolean): Transaction[] {
    return [...this.#orphans.values()].map(({ transaction }) => transaction).filter(holds);
  }

  #dropOne(): void {
    const counts = new Map<PeerId | undefined, number>();
    for (const { from } of this.#orphans.values()) counts.set(from, (counts.get(from) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const [wtxid, { from }] of this.#orphans) {
      if (counts.get(from) !== most) continue;
      this.#orphans.delete(wtxid);
      return;
    }
  }
}
