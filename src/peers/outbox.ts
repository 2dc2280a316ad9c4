/** Transactions that wait to be gossiped together: batches are cheaper to relay than singles. */

import type { Elapsed } from "../primitives/brand.ts";
import { totalSizeOf, type Transaction } from "../primitives/transaction.ts";
import { limits } from "./limits.ts";

/** How long a transaction may wait for others. */
const delayMs = 50;

export class Outbox {
  #waiting: Transaction[] = [];
  #flushAt: Elapsed | undefined;

  get flushAt(): Elapsed | undefined {
    return this.#flushAt;
  }

  add(transactions: readonly Transaction[], now: Elapsed): void {
    if (transactions.length === 0) return;
    this.#waiting.push(...transactions);
    this.#flushAt ??= (now + delayMs) as Elapsed;
  }

  /** The batches that are due. */
  takeDue(now: Elapsed): Transaction[][] {
    if (this.#flushAt === undefined || now < this.#flushAt) return [];
    const batches = inBatches(this.#waiting, limits.transactionsSizeBytesMax);
    this.#waiting = [];
    this.#flushAt = undefined;
    return batches;
  }
}

/** Cuts a list where a batch would become too long or too large; one item always fits. */
export function inBatches(
  transactions: readonly Transaction[],
  sizeBytesMax: number,
): Transaction[][] {
  const batches: Transaction[][] = [];
  let batch: Transaction[] = [];
  let sizeBytes = 0;
  for (const transaction of transactions) {
    const more = totalSizeOf(transaction);
    const isFull = batch.length >= limits.transactionsPerMessageMax;
    if (batch.length > 0 && (isFull || sizeBytes + more > sizeBytesMax)) {
      batches.push(batch);
      batch = [];
      sizeBytes = 0;
    }
    batch.push(transaction);
    sizeBytes += more;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
