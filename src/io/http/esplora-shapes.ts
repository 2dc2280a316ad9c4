/** What the chain knows, in the JSON shapes of Esplora. */

import type {
  AddressStats,
  BlockJson,
  BlockStatusJson,
  InputJson,
  MempoolJson,
  OutputJson,
  OutspendJson,
  RecentTransactionJson,
  TransactionJson,
} from "../../contract/node-api.ts";
import type { Chain } from "../../chain/chain.ts";
import type { KeyTotals } from "../../indexes/address-records.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import type { MempoolEntry } from "../../mempool/entry.ts";
import type { Mempool } from "../../mempool/mempool.ts";
import { addressOfScript } from "../../primitives/address.ts";
import { totalSizeOfBlock, weightOfBlock, type Block } from "../../primitives/block.ts";
import type { Satoshi } from "../../primitives/brand.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { isUnspendable } from "../../primitives/script.ts";
import { difficultyOf } from "../../primitives/target.ts";
import {
  isNoCoin,
  totalSizeOf,
  txidOf,
  weightOf,
  type Input,
  type Output,
} from "../../primitives/transaction.ts";
import type { FoundSpender, FoundTransaction } from "./ledger.ts";
import { scriptText } from "./script-text.ts";
import type { KeyOutput, Touch } from "./waiting.ts";

/** @param prefix what addresses of the network begin with. */
export function transactionJson(found: FoundTransaction, prefix: string): TransactionJson {
  const { transaction, spent, status } = found;
  return {
    txid: txidOf(transaction),
    version: transaction.version,
    locktime: transaction.lockTime,
    vin: transaction.inputs.map((input, i) => inputJson(input, spent[i], prefix)),
    vout: transaction.outputs.map((output) => outputJson(output, prefix)),
    size: totalSizeOf(transaction),
    weight: weightOf(transaction),
    fee: feeOf(found),
    status,
  };
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
  const address = addressOfScript(script, prefix);
  const otherType = isUnspendable(script) ? "op_return" : "unknown";
  return {
    scriptpubkey: bytesToHex(script),
    scriptpubkey_asm: scriptText(script),
    scriptpubkey_type: address === undefined ? otherType : "v1_p2tr",
    ...(address !== undefined && { scriptpubkey_address: address }),
    value,
  };
}

function feeOf({ transaction, spent }: FoundTransaction): Satoshi {
  const known = spent.filter((output) => output !== undefined);
  if (known.length < transaction.inputs.length) return 0 as Satoshi;
  return (sumOf(known) - sumOf(transaction.outputs)) as Satoshi;
}

function sumOf(outputs: readonly Output[]): number {
  return outputs.reduce((sum, { value }) => sum + value, 0);
}

export function outspendJson(spender: FoundSpender | undefined): OutspendJson {
  if (spender === undefined) return { spent: false };
  const { txid, input, status } = spender;
  return { spent: true, txid, vin: input, status };
}

export function blockJson(entry: TreeEntry, block: Block): BlockJson {
  const { header } = entry;
  return {
    id: entry.hash,
    height: entry.height,
    version: header.version >>> 0,
    timestamp: header.time,
    tx_count: block.transactions.length,
    size: totalSizeOfBlock(block),
    weight: weightOfBlock(block),
    merkle_root: header.merkleRoot,
    previousblockhash: entry.parent?.hash ?? null,
    mediantime: entry.medianTime,
    nonce: header.nonce,
    bits: header.bits,
    difficulty: difficultyOf(header.bits),
  };
}

export function blockStatusJson(chain: Chain, entry: TreeEntry | undefined): BlockStatusJson {
  if (entry === undefined || !chain.isActive(entry)) {
    return { in_best_chain: false, height: null, next_best: null };
  }
  const next = chain.entryAt(entry.height + 1);
  return { in_best_chain: true, height: entry.height, next_best: next?.hash ?? null };
}

export function chainStats(totals: KeyTotals): AddressStats {
  return {
    tx_count: totals.transactionCount,
    funded_txo_count: totals.fundedCount,
    funded_txo_sum: totals.fundedSum,
    spent_txo_count: totals.spentCount,
    spent_txo_sum: totals.spentSum,
  };
}

export function mempoolStats(touches: readonly Touch[]): AddressStats {
  const funded = touches.flatMap((touch) => touch.funded);
  const spent = touches.flatMap((touch) => touch.spent);
  return {
    tx_count: touches.length,
    funded_txo_count: funded.length,
    funded_txo_sum: sumOf(funded.map(outputOf)),
    spent_txo_count: spent.length,
    spent_txo_sum: sumOf(spent.map(outputOf)),
  };
}

function outputOf({ output }: KeyOutput): Output {
  return output;
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
    value: sumOf(transaction.outputs) as Satoshi,
  };
}
