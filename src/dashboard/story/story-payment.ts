/** A payment as far as it is known, and all payments that are kept. */

import type { BlockHash, Milliseconds, Txid } from "../../primitives/brand.ts";
import type { Arrival } from "./story-block.ts";

export type StoryPayment = {
  readonly txid: Txid;
  readonly at: Milliseconds;
  readonly from: string | null;
  readonly to: string | null;
  readonly value: number | null;
  readonly fee: number | null;
  /** Blocks that contain it, on any branch. */
  readonly blocks: readonly BlockHash[];
  readonly arrivals: readonly Arrival[];
  /** The transaction that spends the same coin. */
  readonly conflict: Txid | null;
};

/** Some hours of a usual lab; the oldest are dropped first. */
export const paymentsMax = 20_000;

/** A payment never changes in place, so a copy of this is quick and takes little. */
export class StoryPayments {
  readonly #payments: Map<Txid, StoryPayment>;

  constructor(original?: StoryPayments) {
    this.#payments = new Map(original?.payments);
  }

  get payments(): ReadonlyMap<Txid, StoryPayment> {
    return this.#payments;
  }

  /** Adds facts about a payment, which may be known already. */
  note(txid: Txid, at: Milliseconds, facts: Partial<StoryPayment>): void {
    const known = this.#payments.get(txid) ?? newPayment(txid, at);
    this.#payments.set(txid, { ...known, ...facts });
    if (this.#payments.size <= paymentsMax) return;
    const [oldest] = this.#payments.keys();
    if (oldest !== undefined) this.#payments.delete(oldest);
  }

  noteBlock(txid: Txid, block: BlockHash, at: Milliseconds): void {
    const blocks = this.#payments.get(txid)?.blocks ?? [];
    if (!blocks.includes(block)) this.note(txid, at, { blocks: [...blocks, block] });
  }

  noteConflict(a: Txid, b: Txid, at: Milliseconds): void {
    this.note(a, at, { conflict: b });
    this.note(b, at, { conflict: a });
  }
}

function newPayment(txid: Txid, at: Milliseconds): StoryPayment {
  const unknown = { from: null, to: null, value: null, fee: null, conflict: null };
  return { txid, at, ...unknown, blocks: [], arrivals: [] };
}
