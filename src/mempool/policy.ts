/** What this node relays and keeps waiting: stricter than consensus, and an operator's choice. */

import type { Elapsed, Satoshi } from "../primitives/brand.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export type MempoolPolicy = {
  /** Satoshis for 1,000 virtual bytes. */
  readonly feeRateMinPerKvb: number;
  /** What a replacement adds for its own size, and what eviction adds to the floor. */
  readonly incrementalFeeRatePerKvb: number;
  /** A transaction with all unconfirmed ones it needs, itself included. */
  readonly ancestorsMax: number;
  /** A transaction with all that need it, itself included; `package-limits.ts` has the exceptions. */
  readonly descendantsMax: number;
  /** Of either of these two packages. */
  readonly packageVirtualSizeBytesMax: number;
  /** Of direct conflicts and their descendants, counted for each conflict anew. */
  readonly replacedMax: number;
  /** Of all waiting transactions together. */
  readonly virtualSizeBytesMax: number;
  readonly expiryMs: number;
  readonly orphansMax: number;
  readonly orphanExpiryMs: number;
  readonly versionMax: number;
  readonly transactionWeightMax: number;
  /** Without witness. */
  readonly transactionSizeBytesMin: number;
  readonly dataScriptSizeBytesMax: number;
  readonly dustMin: Satoshi;
};

/** Bitcoin Core 28's numbers, unless a line says otherwise. */
export const defaultPolicy: MempoolPolicy = Object.freeze({
  feeRateMinPerKvb: 1000,
  incrementalFeeRatePerKvb: 1000,
  ancestorsMax: 25,
  descendantsMax: 25,
  packageVirtualSizeBytesMax: 101_000,
  replacedMax: 100,
  // Core limits its memory to 300 MB; we count what is waiting, about a third of that.
  virtualSizeBytesMax: 100_000_000,
  expiryMs: 336 * hourMs,
  orphansMax: 100,
  orphanExpiryMs: 20 * minuteMs,
  versionMax: 3,
  transactionWeightMax: 400_000,
  transactionSizeBytesMin: 65,
  dataScriptSizeBytesMax: 83,
  dustMin: 330 as Satoshi,
});

/** True if something that began at `since` has waited for longer than `spanMs`. */
export function isOverdue(since: Elapsed, spanMs: number, now: Elapsed): boolean {
  return now - since > spanMs;
}
