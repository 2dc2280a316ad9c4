/** What the chain knows, in the JSON shapes of Esplora. */

import type {
  AddressStats,
  AddressStatsJson,
  BlockJson,
  BlockStatusJson,
  CoinJson,
  FeeEstimatesJson,
  InputJson,
  MempoolJson,
  MerkleProofJson,
  OutputJson,
  OutspendJson,
  RecentTransactionJson,
  TransactionJson,
  TransactionStatus,
} from "../../../contract/node-api.ts";
import type { MempoolEntry } from "../../../mempool/entry.ts";
import type { Mempool } from "../../../mempool/mempool.ts";
import type { Satoshi } from "../../../primitives/brand.ts";
import { bytesToHex } from "../../../primitives/bytes.ts";
import { difficultyOf } from "../../../primitives/target.ts";
import {
  type Input,
  isNoCoin,
  type Output,
  totalSizeOf,
  txidOf,
  weightOf,
} from "../../../primitives/transaction.ts";
import type { ActiveBlock, FoundBlock } from "../../queries/blocks.ts";
import type { FeeEstimate } from "../../queries/fee-estimates.ts";
import type { ScriptTotals } from "../../queries/index-records.ts";
import type { OwnedCoin } from "../../queries/key-history.ts";
import {
  type ConfirmedBy,
  feeOf,
  type FoundSpender,
  type FoundTransaction,
  type MerkleProof,
  valueOf,
} from "../../queries/transactions.ts";
import { scriptText } from "./script-text.ts";
import { shownScriptsOf } from "./shown-scripts.ts";

/** @param prefix what addresses of the network begin with. */
export function transactionJson(found: FoundTransaction, prefix: string): TransactionJson {
  const { transaction, spent, confirmedBy } = found;
  return {
    txid: txidOf(transaction),
    version: transaction.version,
    locktime: transaction.lockTime,
    vin: transaction.inputs.map((input, i) => inputJson(input, spent[i], prefix)),
    vout: transaction.outputs.map((output) => outputJson(output, prefix)),
    size: totalSizeOf(transaction),
    weight: weightOf(transaction),
    fee: feeOf(found) ?? (0 as Satoshi),
    status: statusJson(confirmedBy),
  };
}

export function statusJson(confirmedBy: ConfirmedBy): TransactionStatus {
  if (confirmedBy === undefined) return { confirmed: false };
  const { height, hash, header } = confirmedBy;
  return { confirmed: true, block_height: height, block_hash: hash, block_time: header.time };
}

function inputJson(input: Input, spent: Output | undefined, prefix: string): InputJson {
  return {
    txid: input.previous.txid,
    vout: input.previous.index,
    prevout: spent === undefined ? null : outputJson(spent, prefix),
    scriptsig: bytesToHex(input.scriptSig),
    scriptsig_asm: scriptText(input.scriptSig),
    ...(input.witness.length > 0 && { witness: input.witness.map(bytesToHex) }),
    is_coinbase: isNoCoin(input.previous),
    sequence: input.sequence,
  };
}

function outputJson({ script, value }: Output, prefix: string): OutputJson {
  return { ...shownScriptsOf(prefix).show(script), value };
}

export function outspendJson(spender: FoundSpender | undefined): OutspendJson {
  if (spender === undefined) return { spent: false };
  const { txid, input, confirmedBy } = spender;
  return { spent: true, txid, vin: input, status: statusJson(confirmedBy) };
}

export function merkleProofJson({ height, position, hashes }: MerkleProof): MerkleProofJson {
  return { block_height: height, merkle: hashes, pos: position };
}

export function blockJson({ entry, measures }: FoundBlock): BlockJson {
  const { header } = entry;
  return {
    id: entry.hash,
    height: entry.height,
    version: header.version >>> 0,
    timestamp: header.time,
    tx_count: measures.transactionCount,
    size: measures.sizeBytes,
    weight: measures.weight,
    merkle_root: header.merkleRoot,
    previousblockhash: entry.parent?.hash ?? null,
    mediantime: entry.medianTime,
    nonce: header.nonce,
    bits: header.bits,
    difficulty: difficultyOf(header.bits),
  };
}

export function blockStatusJson(active: ActiveBlock | undefined): BlockStatusJson {
  if (active === undefined) return { in_best_chain: false, height: null, next_best: null };
  const { entry, next } = active;
  return { in_best_chain: true, height: entry.height, next_best: next?.hash ?? null };
}

export function addressStatsJson(totals: {
  readonly confirmed: ScriptTotals;
  readonly waiting: ScriptTotals;
}): AddressStatsJson {
  return {
    chain_stats: addressStats(totals.confirmed),
    mempool_stats: addressStats(totals.waiting),
  };
}

function addressStats(totals: ScriptTotals): AddressStats {
  return {
    tx_count: totals.transactionCount,
    funded_txo_count: totals.fundedCount,
    funded_txo_sum: totals.fundedSum,
    spent_txo_count: totals.spentCount,
    spent_txo_sum: totals.spentSum,
  };
}

export function coinJson({ point, output, confirmedBy }: OwnedCoin): CoinJson {
  const { txid, index } = point;
  return { txid, vout: index, status: statusJson(confirmedBy), value: output.value };
}

export function mempoolJson(mempool: Mempool): MempoolJson {
  return {
    count: mempool.count,
    vsize: mempool.virtualSizeBytes,
    total_fee: mempool.totalFees,
    fee_histogram: mempool.feeHistogram(),
  };
}

export function recentJson({ transaction, txid, ...entry }: MempoolEntry): RecentTransactionJson {
  return {
    txid,
    fee: entry.fee,
    vsize: entry.virtualSizeBytes,
    value: valueOf(transaction.outputs),
  };
}

export function feeEstimatesJson(estimates: readonly FeeEstimate[]): FeeEstimatesJson {
  return Object.fromEntries(
    estimates.map(({ blocks, satoshisPerKilobyte }) => [blocks, satoshisPerKilobyte / 1000]),
  );
}
