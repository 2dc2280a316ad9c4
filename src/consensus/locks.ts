/** The earliest block that a transaction may be in. */

import { sequenceFinal, type Transaction } from "../primitives/transaction.ts";
import type { Coin } from "./coin.ts";

/** Lock times below are heights, from here on seconds. @see Bitcoin Core, LOCKTIME_THRESHOLD */
const lockTimeThreshold = 500_000_000;

/**
 * True if the absolute lock is open in a block at `height` whose parent has `medianTime`.
 *
 * @see BIP113; Bitcoin Core, IsFinalTx
 */
export function isFinal(transaction: Transaction, height: number, medianTime: number): boolean {
  const { lockTime } = transaction;
  if (lockTime === 0) return true;
  if (lockTime < (lockTime < lockTimeThreshold ? height : medianTime)) return true;
  return transaction.inputs.every(({ sequence }) => sequence === sequenceFinal);
}

/** A sequence from here on locks nothing. */
export const relativeDisabled = 0x8000_0000;
const relativeIsTime = 0x0040_0000;
const relativeMask = 0xffff;
const relativeTimeUnitSeconds = 512;

/** Where a transaction would stand: what relative locks are measured against. */
export type LockContext = {
  readonly height: number;
  /** Of the parent of the block at `height`, in seconds. */
  readonly medianTime: number;
  /** The median time of the block at `height` on this branch, in seconds. */
  readonly medianTimeAt: (height: number) => number;
};

/**
 * True if every relative lock is open: the coins are old enough in blocks, or in units of 512 s.
 *
 * @param spent the coins that the inputs spend, in the inputs' order.
 * @see BIP68; Bitcoin Core, CalculateSequenceLocks
 */
export function hasOpenRelativeLocks(
  transaction: Transaction,
  spent: readonly Coin[],
  context: LockContext,
): boolean {
  if (transaction.version < 2) return true;
  return transaction.inputs.every(({ sequence }, i) => {
    if (sequence >= relativeDisabled) return true;
    const coin = spent[i] as Coin;
    const span = sequence & relativeMask;
    if ((sequence & relativeIsTime) === 0) return coin.height + span <= context.height;
    const since = context.medianTimeAt(Math.max(coin.height - 1, 0));
    return since + span * relativeTimeUnitSeconds <= context.medianTime;
  });
}
