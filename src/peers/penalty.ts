/**
 * What a peer's fault costs it: at `limits.penaltyMax` points it is banned. Blame follows knowledge:
 * no peer pays for what an honest node could not know. `docs/blame.md` has the table.
 */

import type { HeadersProblem } from "../chain/headers.ts";
import { limits } from "./limits.ts";

/**
 * What an honest sender has done with a block before it sends the block or its header. Nodes pass
 * on what is right in its place; only the branch up to its own tip has a node connected.
 */
export type Knowledge = "placed" | "connected";

const ban = limits.penaltyMax;
/** Costs a ban, but only who has connected the block. */
const ifConnected = "if-connected";

/**
 * For a block or headers that break a rule. A new rule does not compile until its penalty is chosen
 * here.
 */
const pointsOf: Readonly<Record<HeadersProblem["rule"], number | typeof ifConnected>> = {
  // Our clock may be the wrong one.
  "time-too-new": 0,
  // Of headers that were asked for: it may think that we know their parent.
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
  "bad-txnmrklroot": ban,
  "bad-txns-duplicate": ban,
  "bad-blk-length": ban,
  "bad-blk-weight": ban,
  "bad-cb-missing": ban,
  "bad-cb-multiple": ban,
  "bad-cb-height": ban,
  "bad-cb-length": ban,
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
  "bad-txns-nonfinal": ban,
  "bad-txns-prevout-null": ban,
  "output-not-taproot-or-data": ban,
  "script-sig-not-empty": ban,
  // What only connecting shows, of this block or of one below it.
  "bad-cb-amount": ifConnected,
  "bad-txns-inputs-missingorspent": ifConnected,
  "bad-txns-inputvalues-outofrange": ifConnected,
  "bad-txns-in-belowout": ifConnected,
  "bad-txns-premature-spend-of-coinbase": ifConnected,
  "mandatory-script-verify-flag-failed": ifConnected,
  "bad-prevblk": ifConnected,
  "duplicate-invalid": ifConnected,
};

/** For a block, for a header in its place, or for headers that were asked for. */
export function penaltyOf(problem: HeadersProblem, knowledge: Knowledge): number {
  if ("cause" in problem) return 0; // it breaks no rule: it was invalidated here
  const points = needsCoins(problem) ? ifConnected : pointsOf[problem.rule];
  if (points !== ifConnected) return points;
  return knowledge === "connected" ? ban : 0;
}

/** Absolute locks are judged where a block stands; relative ones need the coins that it spends. */
function needsCoins(problem: HeadersProblem): boolean {
  return problem.rule === "bad-txns-nonfinal" && problem.lock === "relative";
}

/** For a transaction that no node with any policy could hold valid. */
export const penaltyOfTransaction = 25;
/** For bytes that do not decode, or that answer another request. */
export const penaltyOfMalformed = 50;
/** For a body that was not asked for. */
export const penaltyOfUnrequested = 20;
/** For claiming more work than its headers show. */
export const penaltyOfEmptyClaim = 10;
