/** What a peer's fault costs it: at `limits.penaltyMax` points it is banned. */

import type { HeadersProblem } from "../chain/headers.ts";
import { limits } from "./limits.ts";

const ban = limits.penaltyMax;

/**
 * For a block or headers that break a rule: the peer that relays them should have checked. A new
 * rule does not compile until its penalty is chosen here.
 */
const pointsOf: Readonly<Record<HeadersProblem["rule"], number>> = {
  // Our clock may be the wrong one.
  "time-too-new": 0,
  // It may not remember the block as invalid, or think that we know its parent.
  "duplicate-invalid": 20,
  "unknown-parent": 20,
  // What a slow or small node may send in good faith.
  "no-headers": 0,
  "too-little-work": 0,
  "not-linked": ban,
  "high-hash": ban,
  "bad-diffbits": ban,
  "time-too-old": ban,
  "time-timewarp-attack": ban,
  "bad-version": ban,
  "bad-prevblk": ban,
  "bad-txnmrklroot": ban,
  "bad-txns-duplicate": ban,
  "bad-blk-length": ban,
  "bad-blk-weight": ban,
  "bad-cb-missing": ban,
  "bad-cb-multiple": ban,
  "bad-cb-height": ban,
  "bad-cb-length": ban,
  "bad-cb-amount": ban,
  "bad-witness-nonce-size": ban,
  "bad-witness-merkle-match": ban,
  "unexpected-witness": ban,
  "bad-txns-vin-empty": ban,
  "bad-txns-vout-empty": ban,
  "bad-txns-oversize": ban,
  "bad-txns-64-bytes": ban,
  "bad-txns-vout-negative": ban,
  "bad-txns-vout-toolarge": ban,
  "bad-txns-txouttotal-toolarge": ban,
  "bad-txns-inputs-duplicate": ban,
  "bad-txns-inputs-missingorspent": ban,
  "bad-txns-inputvalues-outofrange": ban,
  "bad-txns-in-belowout": ban,
  "bad-txns-nonfinal": ban,
  "bad-txns-premature-spend-of-coinbase": ban,
  "bad-txns-prevout-null": ban,
  "output-not-taproot-or-data": ban,
  "script-sig-not-empty": ban,
  "mandatory-script-verify-flag-failed": ban,
};

/** For a block, or for headers that were asked for. */
export function penaltyOf(problem: HeadersProblem): number {
  return pointsOf[problem.rule];
}

/** For a transaction that no node with any policy could hold valid. */
export const penaltyOfTransaction = 25;
/** For bytes that do not decode, or that answer another request. */
export const penaltyOfMalformed = 50;
/** For a body that was not asked for. */
export const penaltyOfUnrequested = 20;
/** For claiming more work than its headers show. */
export const penaltyOfEmptyClaim = 10;
