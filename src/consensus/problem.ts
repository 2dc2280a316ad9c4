/**
 * Every way to break a rule, with the facts. Rules carry Bitcoin Core's reject reasons where Core
 * has the rule; those that only powlab has are marked.
 */

import type { BlockHash, Satoshi } from "../primitives/brand.ts";
import type { WitnessFault } from "../primitives/sighash.ts";
import { unreachable } from "../primitives/verdict.ts";

export type TransactionProblem =
  | { readonly rule: "bad-txns-vin-empty" }
  | { readonly rule: "bad-txns-vout-empty" }
  | { readonly rule: "bad-txns-oversize"; readonly sizeBytes: number }
  | { readonly rule: "bad-txns-vout-negative"; readonly output: number; readonly value: number }
  | { readonly rule: "bad-txns-vout-toolarge"; readonly output: number; readonly value: number }
  | { readonly rule: "bad-txns-txouttotal-toolarge"; readonly total: number }
  | { readonly rule: "bad-txns-inputs-duplicate"; readonly coin: string }
  | { readonly rule: "bad-cb-length"; readonly sizeBytes: number }
  | { readonly rule: "bad-txns-prevout-null"; readonly input: number }
  /** Ours: BIP54 proposes it; Bitcoin Core 28 does not have it. */
  | { readonly rule: "bad-txns-64-bytes" }
  /** Ours: the subset has two kinds of output. */
  | { readonly rule: "output-not-taproot-or-data"; readonly output: number }
  /**
   * Here the subset spends with witnesses only, so this is asked of the transaction alone. Core asks
   * it when it runs the script: `mandatory-script-verify-flag-failed (Witness requires empty scriptSig)`.
   */
  | { readonly rule: "script-sig-not-empty"; readonly input: number }
  | { readonly rule: "bad-txns-nonfinal"; readonly lock: "absolute" | "relative" }
  | { readonly rule: "bad-txns-inputs-missingorspent"; readonly coin: string }
  | {
      readonly rule: "bad-txns-premature-spend-of-coinbase";
      readonly coin: string;
      readonly depth: number;
      readonly maturity: number;
    }
  | { readonly rule: "bad-txns-inputvalues-outofrange" }
  | {
      readonly rule: "bad-txns-in-belowout";
      readonly valueIn: Satoshi;
      readonly valueOut: Satoshi;
    }
  | {
      readonly rule: "mandatory-script-verify-flag-failed";
      readonly input: number;
      readonly reason: WitnessFault | "Invalid Schnorr signature";
    };

export type BlockProblem =
  | TransactionProblem
  | { readonly rule: "high-hash"; readonly hash: BlockHash }
  | { readonly rule: "bad-diffbits"; readonly bits: number; readonly expected: number }
  | { readonly rule: "time-too-old"; readonly time: number; readonly median: number }
  | { readonly rule: "time-too-new"; readonly time: number; readonly limit: number }
  | { readonly rule: "time-timewarp-attack"; readonly time: number; readonly least: number }
  | { readonly rule: "bad-version"; readonly version: number }
  | { readonly rule: "bad-txnmrklroot" }
  | { readonly rule: "bad-txns-duplicate" }
  | { readonly rule: "bad-blk-length"; readonly sizeBytes: number }
  | { readonly rule: "bad-blk-weight"; readonly weight: number }
  | { readonly rule: "bad-cb-missing" }
  | { readonly rule: "bad-cb-multiple" }
  | { readonly rule: "bad-cb-height"; readonly height: number }
  | { readonly rule: "bad-cb-amount"; readonly claimed: Satoshi; readonly allowed: Satoshi }
  | { readonly rule: "bad-witness-nonce-size" }
  | { readonly rule: "bad-witness-merkle-match" }
  | { readonly rule: "unexpected-witness" }
  | { readonly rule: "bad-prevblk"; readonly previous: BlockHash; readonly cause?: MarkCause }
  | { readonly rule: "duplicate-invalid"; readonly hash: BlockHash; readonly cause?: MarkCause };

/** Why a block is marked as invalid though it broke no rule. */
export type MarkCause = "invalidated by command";

/** Says what a verdict on a received block means for the block's hash. */
export type Blame =
  /** No valid block has this header: mark it as invalid for ever. */
  | "block"
  /** Another body may be the genuine one: drop this body, and mark nothing as invalid. */
  | "body"
  /** Later it may be valid, or it costs nothing to send: record nothing. */
  | "nothing";

/**
 * What is at fault: if a body was changed on its way, its hash may still be a valid block's.
 *
 * A 64-byte transaction counts as a changed body because inner nodes of a merkle tree look like
 * one.
 *
 * @see CVE-2012-2459; Bitcoin Core, BLOCK_MUTATED
 */
export function blameOf(problem: BlockProblem): Blame {
  switch (problem.rule) {
    case "high-hash":
    case "time-too-new":
      return "nothing";
    case "bad-txnmrklroot":
    case "bad-txns-duplicate":
    case "bad-txns-64-bytes":
    case "bad-cb-missing":
    case "bad-blk-length":
    case "bad-witness-nonce-size":
    case "bad-witness-merkle-match":
    case "unexpected-witness":
      return "body";
    case "bad-diffbits":
    case "time-too-old":
    case "time-timewarp-attack":
    case "bad-version":
    case "bad-blk-weight":
    case "bad-cb-multiple":
    case "bad-cb-height":
    case "bad-cb-amount":
    case "bad-cb-length":
    case "bad-prevblk":
    case "duplicate-invalid":
    case "bad-txns-vin-empty":
    case "bad-txns-vout-empty":
    case "bad-txns-oversize":
    case "bad-txns-vout-negative":
    case "bad-txns-vout-toolarge":
    case "bad-txns-txouttotal-toolarge":
    case "bad-txns-inputs-duplicate":
    case "bad-txns-prevout-null":
    case "output-not-taproot-or-data":
    case "script-sig-not-empty":
    case "bad-txns-nonfinal":
    case "bad-txns-inputs-missingorspent":
    case "bad-txns-premature-spend-of-coinbase":
    case "bad-txns-inputvalues-outofrange":
    case "bad-txns-in-belowout":
    case "mandatory-script-verify-flag-failed":
      return "block";
    default:
      return unreachable(problem);
  }
}

type Named = { readonly rule: string; readonly version?: number };

/**
 * What Bitcoin Core says for a rule, where that is not its name alone.
 *
 * @see Bitcoin Core, ContextualCheckBlockHeader
 */
export function reasonOf({ rule, version = 0 }: Named): string {
  if (rule !== "bad-version") return rule;
  return `${rule}(0x${(version >>> 0).toString(16).padStart(8, "0")})`;
}

/** One line for people: the reason, then the facts. */
export function describeProblem(problem: Named): string {
  const facts = factsOf(problem);
  const reason = reasonOf(problem);
  return facts.length === 0 ? reason : `${reason} (${facts.join(", ")})`;
}

/** The facts of a problem, such as "height 7", without those that its reason names. */
export function factsOf(problem: Named): string[] {
  const told = problem.rule === "bad-version" ? ["rule", "version"] : ["rule"];
  const facts = Object.entries(problem).filter(([name]) => !told.includes(name));
  return facts.map(([name, fact]) => `${name} ${String(fact)}`);
}
