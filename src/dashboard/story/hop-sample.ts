/** Chooses which hops are drawn as travelling dots, and counts them all. */

import type { Milliseconds } from "../../primitives/brand.ts";
import type { Hop } from "./story.ts";

/** More dots than these a second are noise to the eye and work for the browser. */
export const dotsPerSecondMax = 60;
/** What blocks leave to transactions, of which there are many more. */
const transactionDotsPerSecondMax = 45;
const windowMs = 1_000;

type Batch = {
  readonly at: Milliseconds;
  readonly total: number;
  readonly blocks: number;
  readonly transactions: number;
};

export class HopSample {
  #last: Hop | undefined;
  #batches: readonly Batch[] = [];

  /** Of the last second. */
  get counts(): { readonly shown: number; readonly total: number } {
    const { blocks, transactions, total } = sumOf(this.#batches);
    return { shown: blocks + transactions, total };
  }

  /** Takes all these as seen, without drawing any. */
  skip(hops: readonly Hop[]): void {
    this.#last = hops.at(-1);
    this.#batches = [];
  }

  /**
   * Those that are new since the last time, and of them as many as may be drawn: blocks first.
   *
   * @param hops all that the story remembers, the newest last.
   * @param told when the last event of the story happened: what is a second older is no news.
   * @param now of the viewer's clock.
   */
  take(hops: readonly Hop[], told: Milliseconds, now: Milliseconds): readonly Hop[] {
    const fresh = this.#freshOf(hops).filter(({ at }) => told - at < windowMs);
    this.#last = hops.at(-1) ?? this.#last;
    this.#batches = this.#batches.filter(({ at }) => now - at < windowMs);
    const drawn = sumOf(this.#batches);
    const room = dotsPerSecondMax - drawn.blocks - drawn.transactions;
    const blocks = fresh.filter(({ type }) => type === "block").slice(0, room);
    const transactionRoom = Math.min(
      room - blocks.length,
      transactionDotsPerSecondMax - drawn.transactions,
    );
    const transactions = fresh
      .filter(({ type }) => type === "transaction")
      .slice(0, Math.max(0, transactionRoom));
    const counts = { blocks: blocks.length, transactions: transactions.length };
    this.#batches = [...this.#batches, { at: now, total: fresh.length, ...counts }];
    return [...blocks, ...transactions];
  }

  #freshOf(hops: readonly Hop[]): readonly Hop[] {
    const last = this.#last;
    if (last === undefined) return hops;
    const at = hops.lastIndexOf(last);
    // Another telling of the story has other objects: there the time must do.
    return at < 0 ? hops.filter((hop) => hop.at > last.at) : hops.slice(at + 1);
  }
}

function sumOf(batches: readonly Batch[]): Omit<Batch, "at"> {
  const sum = { total: 0, blocks: 0, transactions: 0 };
  for (const { total, blocks, transactions } of batches) {
    sum.total += total;
    sum.blocks += blocks;
    sum.transactions += transactions;
  }
  return sum;
}
