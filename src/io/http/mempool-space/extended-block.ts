/** A block with its fees and sums, as mempool.space shows it. */

import type { TreeEntry } from "../../../chain/tree.ts";
import type { Coin } from "../../../consensus/coin.ts";
import type { BlockExtrasJson, ExtendedBlockJson } from "../../../contract/mempool-space.ts";
import type { BlockJson } from "../../../contract/node-api.ts";
import { addressOfScript } from "../../../primitives/address.ts";
import type { Block } from "../../../primitives/block.ts";
import type { Satoshi } from "../../../primitives/brand.ts";
import { bytesToHex } from "../../../primitives/bytes.ts";
import { encodeHeader } from "../../../primitives/header.ts";
import { isUnspendable } from "../../../primitives/script.ts";
import {
  hasWitness,
  totalSizeOf,
  type Transaction,
  virtualSizeOf,
  weightOf,
} from "../../../primitives/transaction.ts";
import type { FoundBlock } from "../../queries/blocks.ts";
import { valueOf } from "../../queries/transactions.ts";
import { scriptText } from "../esplora/script-text.ts";
import { blockJson } from "../esplora/shapes.ts";
import { feeRangeOf, medianOf } from "./fee-figures.ts";

/** A block on a branch. */
export type KnownBlock = FoundBlock & {
  readonly block: Block;
  /** What it spends, in the order of its inputs; undefined if it never was active. */
  readonly spent: readonly Coin[] | undefined;
};

/** @param prefix what addresses of the network begin with. */
export function extendedBlockJson(known: KnownBlock, prefix: string): ExtendedBlockJson {
  const block = blockJson(known);
  return { ...block, extras: extrasOf(known, block, prefix) };
}

function extrasOf(known: KnownBlock, json: BlockJson, prefix: string): BlockExtrasJson {
  const [coinbase, ...payments] = known.block.transactions;
  if (coinbase === undefined) throw new Error(`the block ${known.entry.hash} has no coinbase`);
  const outputs = payments.flatMap((payment) => payment.outputs);
  const inputCount = payments.reduce((sum, { inputs }) => sum + inputs.length, 0);
  const segwit = payments.filter(hasWitness);
  const made = [...coinbase.outputs, ...outputs];
  const paymentsSize = sumOf(payments, totalSizeOf);
  return {
    ...feesOf(known, payments),
    ...coinbaseFacts(coinbase, prefix),
    pool: { id: 0, name: "Unknown", slug: "unknown", minerNames: null },
    virtualSize: json.weight / 4,
    avgTxSize: payments.length === 0 ? 0 : paymentsSize / payments.length,
    totalInputs: inputCount,
    totalOutputs: made.length,
    totalOutputAmt: valueOf(outputs),
    segwitTotalTxs: segwit.length,
    segwitTotalSize: sumOf(segwit, totalSizeOf),
    segwitTotalWeight: sumOf(segwit, weightOf),
    utxoSetChange: made.filter(({ script }) => !isUnspendable(script)).length - inputCount,
    header: bytesToHex(encodeHeader(known.entry.header)),
  };
}

type FeeFacts = Pick<
  BlockExtrasJson,
  "totalFees" | "medianFee" | "feeRange" | "avgFee" | "avgFeeRate" | "totalInputAmt"
>;

/** @see Bitcoin Core, getblockstats */
function feesOf({ entry, spent }: KnownBlock, payments: readonly Transaction[]): FeeFacts {
  if (spent === undefined && !isGenesis(entry)) {
    return {
      ...{ totalFees: null, medianFee: null, feeRange: null },
      ...{ avgFee: null, avgFeeRate: null, totalInputAmt: null },
    };
  }
  const coins = spent ?? [];
  let next = 0;
  const rated = payments.map((payment) => {
    const own = coins.slice(next, (next += payment.inputs.length));
    const paid = own.reduce((sum, { output }) => sum + output.value, 0);
    const fee = paid - valueOf(payment.outputs);
    const virtualSizeBytes = virtualSizeOf(payment);
    return { fee, paid, virtualSizeBytes, feeRate: fee / virtualSizeBytes };
  });
  const totalFees = sumOf(rated, ({ fee }) => fee) as Satoshi;
  const feeRange = feeRangeOf(rated);
  const weight = sumOf(payments, weightOf);
  return {
    totalFees,
    medianFee: medianOf(feeRange),
    feeRange,
    avgFee: rated.length === 0 ? 0 : Math.floor(totalFees / rated.length),
    avgFeeRate: weight === 0 ? 0 : Math.floor((totalFees * 4) / weight),
    totalInputAmt: sumOf(rated, ({ paid }) => paid) as Satoshi,
  };
}

function isGenesis({ parent }: TreeEntry): boolean {
  return parent === undefined;
}

type CoinbaseFacts = Pick<
  BlockExtrasJson,
  | "reward"
  | "coinbaseRaw"
  | "coinbaseAddress"
  | "coinbaseAddresses"
  | "coinbaseSignature"
  | "coinbaseSignatureAscii"
>;

function coinbaseFacts({ inputs, outputs }: Transaction, prefix: string): CoinbaseFacts {
  const scriptSig = inputs[0]?.scriptSig ?? new Uint8Array(0);
  const addresses = outputs
    .map(({ script }) => addressOfScript(script, prefix))
    .filter((address) => address !== undefined);
  return {
    reward: valueOf(outputs),
    coinbaseRaw: bytesToHex(scriptSig),
    coinbaseAddress: addresses[0] ?? null,
    coinbaseAddresses: [...new Set(addresses)],
    coinbaseSignature: scriptText(outputs[0]?.script ?? new Uint8Array(0)),
    coinbaseSignatureAscii: String.fromCharCode(...scriptSig),
  };
}

function sumOf<T>(all: readonly T[], valueOfOne: (each: T) => number): number {
  return all.reduce((sum, each) => sum + valueOfOne(each), 0);
}
