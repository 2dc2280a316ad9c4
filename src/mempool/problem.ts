/** Every reason to refuse a transaction, by Bitcoin Core's names, with the facts. */

import type { TransactionProblem } from "../consensus/problem.ts";
import type { Satoshi, Txid } from "../primitives/brand.ts";
import { unreachable } from "../primitives/verdict.ts";

/** Kinds of transaction that this node does not relay. */
export type StandardProblem =
  | { readonly rule: "coinbase" }
  | { readonly rule: "version"; readonly version: number }
  | { readonly rule: "tx-size"; readonly weight: number }
  | { readonly rule: "tx-size-small"; readonly sizeBytes: number }
  | { readonly rule: "scriptpubkey"; readonly output: number; readonly sizeBytes: number }
  | { readonly rule: "multi-op-return" }
  | { readonly rule: "dust"; readonly output: number; readonly value: Satoshi }
  /** It carries an annex, whose meaning BIP341 leaves to the future. */
  | { readonly rule: "bad-witness-nonstandard"; readonly input: number };

export type KnownProblem =
  | { readonly rule: "txn-already-in-mempool" }
  | { readonly rule: "txn-same-nonwitness-data-in-mempool" }
  /** It is in the chain. */
  | { readonly rule: "txn-already-known" };

export type FeeProblem = {
  readonly rule: "min relay fee not met" | "mempool min fee not met" | "insufficient fee";
  readonly fee: Satoshi;
  readonly required: Satoshi;
};

export type ReplacementProblem =
  | { readonly rule: "bad-txns-spends-conflicting-tx"; readonly conflict: Txid }
  /** Fee rates in satoshis for 1,000 virtual bytes. */
  | {
      readonly rule: "insufficient fee";
      readonly conflict: Txid;
      readonly feeRate: number;
      readonly conflictFeeRate: number;
    }
  | { readonly rule: "too many potential replacements"; readonly count: number }
  | { readonly rule: "replacement-adds-unconfirmed"; readonly parent: Txid };

export type RoomProblem =
  | {
      readonly rule: "too-long-mempool-chain";
      readonly limit: "ancestors" | "descendants";
      readonly count: number;
      readonly virtualSizeBytes: number;
    }
  | { readonly rule: "mempool full" };

/** @see BIP431; `detail` is Bitcoin Core's sentence. */
export type RestrictionProblem = { readonly rule: "TRUC-violation"; readonly detail: string };

/** What only those who submit here ask for, or only a package that is judged as one can break. */
export type SubmissionProblem =
  /** The fee rate, in satoshis for 1,000 virtual bytes, is more than the sender wants to pay. */
  | { readonly rule: "max feerate exceeded"; readonly feeRate: number }
  /** It would replace a waiting transaction, which it may only do alone. */
  | { readonly rule: "package RBF failed" }
  /** The same, where several are only tested. */
  | { readonly rule: "bip125-replacement-disallowed" };

/** Coins that are not known here; the transaction is kept until its parents come. */
export type MissingInputs = {
  readonly rule: "missing-inputs";
  readonly coins: readonly string[];
  /** The transactions to ask for. */
  readonly parents: readonly Txid[];
};

export type MempoolProblem =
  | TransactionProblem
  | StandardProblem
  | KnownProblem
  | FeeProblem
  | ReplacementProblem
  | RoomProblem
  | RestrictionProblem
  | SubmissionProblem
  | MissingInputs;

/**
 * True if the transaction can never be valid, so that its sender has not checked it. False where
 * the sender may know another chain, or have another policy.
 */
export function isSenderAtFault(problem: MempoolProblem): boolean {
  switch (problem.rule) {
    case "bad-txns-nonfinal":
    case "bad-txns-inputs-missingorspent":
    case "bad-txns-premature-spend-of-coinbase":
    case "version":
    case "tx-size":
    case "tx-size-small":
    case "scriptpubkey":
    case "multi-op-return":
    case "dust":
    case "bad-witness-nonstandard":
    case "txn-already-in-mempool":
    case "txn-same-nonwitness-data-in-mempool":
    case "txn-already-known":
    case "min relay fee not met":
    case "mempool min fee not met":
    case "insufficient fee":
    case "bad-txns-spends-conflicting-tx":
    case "too many potential replacements":
    case "replacement-adds-unconfirmed":
    case "too-long-mempool-chain":
    case "mempool full":
    case "TRUC-violation":
    case "max feerate exceeded":
    case "package RBF failed":
    case "bip125-replacement-disallowed":
    case "missing-inputs":
      return false;
    case "coinbase":
    case "bad-txns-vin-empty":
    case "bad-txns-vout-empty":
    case "bad-txns-oversize":
    case "bad-txns-vout-negative":
    case "bad-txns-vout-toolarge":
    case "bad-txns-txouttotal-toolarge":
    case "bad-txns-inputs-duplicate":
    case "bad-cb-length":
    case "bad-txns-prevout-null":
    case "bad-txns-64-bytes":
    case "output-not-taproot-or-data":
    case "script-sig-not-empty":
    case "bad-txns-inputvalues-outofrange":
    case "bad-txns-in-belowout":
    case "mandatory-script-verify-flag-failed":
      return true;
    default:
      return unreachable(problem);
  }
}
