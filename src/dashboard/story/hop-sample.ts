/** Chooses which hops are drawn as moving dots, and counts them all. */

import type { Milliseconds } from "../../primitives/brand.ts";
import type { Hop } from "./story.ts";

/** More dots per second cannot be followed, and slow the browser down. */
export const dotsPerSecondMax = 60;
/** The rest is for blocks, of which there are far fewer. */
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

  /** Counts all these as seen, and draws none. */
  skip(hops: readonly Hop[]): void {
    this.#last = hops.at(-1);
    this.#batches = [];
  }

  /**
   * Those that are new since the last time, and of them as many as may be drawn: blocks first.
   *
   * @param hops all that the story remembers, the newest last.
   * @param storyAt when the last event of the story happened: hops a second older are not drawn.
   * @param now of the viewer's clock.
   */
  take(hops: readonly Hop[], storyAt: Milliseconds, now: Milliseconds): readonly Hop[] {
    const fresh = this.#freshOf(hops).filter(({ at }) => storyAt - at < windowMs);
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
    // After a jump in time the story has other objects: then compare the times.
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
