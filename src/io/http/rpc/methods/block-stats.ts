/** Statistics of one block. */

import type { Chain } from "../../../../chain/chain.ts";
import type { TreeEntry } from "../../../../chain/tree.ts";
import type { Coin } from "../../../../consensus/coin.ts";
import { subsidyAt } from "../../../../consensus/money.ts";
import type { Block } from "../../../../primitives/block.ts";
import {
  hasWitness,
  isCoinbase,
  type Output,
  totalSizeOf,
  type Transaction,
  weightOf,
} from "../../../../primitives/transaction.ts";
import type { Json, Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { anything, list, optional, stringFrom } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import { spentByEach } from "../shapes/block-json.ts";
import { isInNoCoin } from "../shapes/script-kind.ts";
import { blockOf, entryAtOrOf } from "./found.ts";

export const blockStatsMethods: readonly Method[] = [
  method("getblockstats", {
    about: "Fees, sizes and coins of a block, all or those that are named.",
    category: "Blockchain",
    parameters: { hash_or_height: anything, stats: optional(list("stats")) },
    answer: ({ hash_or_height: place, stats }, { served }) => {
      const { chain } = served.node;
      const entry = entryAtOrOf(chain, place ?? null);
      return selected(statsOf(chain, entry), stats ?? []);
    },
  }),
];

type Stats = Readonly<Record<string, number | string | readonly number[]>>;

function selected(stats: Stats, names: readonly Json[]): Writable {
  if (names.length === 0) return stats;
  const chosen = names.map((each) => {
    const name = stringFrom(each);
    const value = stats[name];
    if (value === undefined) {
      throw new RpcError(rpcCodes.parameter, `Invalid selected statistic '${name}'`);
    }
    return [name, value] as const;
  });
  return Object.fromEntries(chosen);
}

/** What a coin takes in the set, beside its output. @see Bitcoin Core, PER_UTXO_OVERHEAD */
const coinOverheadBytes = 41;
const weightPerVirtualByte = 4;

/** @see Bitcoin Core, getblockstats */
function statsOf(chain: Chain, entry: TreeEntry): Stats {
  const block = blockOf(chain, entry.hash);
  const coins = entry.parent === undefined ? [] : chain.spentBy(entry.hash);
  if (coins === undefined) throw new RpcError(rpcCodes.misc, "Undo data not available");
  const paid = paymentsOf(block, coins);
  const fees = paid.map(({ fee }) => fee);
  const sizes = paid.map(({ size }) => size);
  const rates = paid.map(({ rate }) => rate);
  const weight = sum(paid.map((each) => each.weight));
  const withWitness = paid.filter((each) => each.hasWitness);
  const outputs = block.transactions.flatMap((each) => each.outputs);
  const added =
    entry.parent === undefined ? [] : outputs.filter(({ script }) => !isInNoCoin(script));
  const spentSize = sum(coins.map(({ output }) => coinSizeOf(output)));
  return {
    avgfee: ratio(sum(fees), paid.length),
    avgfeerate: ratio(sum(fees) * weightPerVirtualByte, weight),
    avgtxsize: ratio(sum(sizes), paid.length),
    blockhash: entry.hash,
    feerate_percentiles: percentiles(paid, weight),
    height: entry.height,
    ins: coins.length,
    maxfee: Math.max(0, ...fees),
    maxfeerate: Math.max(0, ...rates),
    maxtxsize: Math.max(0, ...sizes),
    medianfee: median(fees),
    mediantime: entry.medianTime,
    mediantxsize: median(sizes),
    minfee: least(fees),
    minfeerate: least(rates),
    mintxsize: least(sizes),
    outs: outputs.length,
    subsidy: subsidyAt(entry.height, chain.params),
    swtotal_size: sum(withWitness.map(({ size }) => size)),
    swtotal_weight: sum(withWitness.map((each) => each.weight)),
    swtxs: withWitness.length,
    time: entry.header.time,
    total_out: sum(paid.map(({ valueOut }) => valueOut)),
    total_size: sum(sizes),
    total_weight: weight,
    totalfee: sum(fees),
    txs: block.transactions.length,
    utxo_increase: outputs.length - coins.length,
    utxo_size_inc: sum(outputs.map(coinSizeOf)) - spentSize,
    utxo_increase_actual: added.length - coins.length,
    utxo_size_inc_actual: sum(added.map(coinSizeOf)) - spentSize,
  };
}

/** A transaction that is no coinbase. */
type Payment = {
  readonly fee: number;
  readonly size: number;
  readonly weight: number;
  /** Satoshis for a virtual byte, rounded down. */
  readonly rate: number;
  readonly valueOut: number;
  readonly hasWitness: boolean;
};

function paymentsOf(block: Block, coins: readonly Coin[]): Payment[] {
  const spent = spentByEach(block, coins);
  return block.transactions.flatMap((transaction, i) => {
    return isCoinbase(transaction) ? [] : [paymentOf(transaction, spent[i] ?? [])];
  });
}

function paymentOf(transaction: Transaction, spent: readonly Coin[]): Payment {
  const valueOut = sum(transaction.outputs.map(({ value }) => value));
  const fee = sum(spent.map(({ output }) => output.value)) - valueOut;
  const weight = weightOf(transaction);
  return {
    fee,
    size: totalSizeOf(transaction),
    weight,
    rate: ratio(fee * weightPerVirtualByte, weight),
    valueOut,
    hasWitness: hasWitness(transaction),
  };
}

const shares = [0.1, 0.25, 0.5, 0.75, 0.9] as const;

/** Fee rates below which these shares of the weight are. @see CalculatePercentilesByWeight */
function percentiles(paid: readonly Payment[], totalWeight: number): readonly number[] {
  const sorted = [...paid].sort((a, b) => a.rate - b.rate || a.weight - b.weight);
  const found: number[] = [];
  let weight = 0;
  for (const each of sorted) {
    weight += each.weight;
    while (found.length < shares.length && weight >= totalWeight * (shares[found.length] ?? 1)) {
      found.push(each.rate);
    }
  }
  const last = sorted.at(-1)?.rate ?? 0;
  return shares.map((_share, i) => found[i] ?? last);
}

function coinSizeOf({ script }: Output): number {
  const lengthSize = script.length < 0xfd ? 1 : script.length <= 0xffff ? 3 : 5;
  return 8 + lengthSize + script.length + coinOverheadBytes;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

/** Rounded towards zero, as whole numbers are divided in Core. */
function ratio(value: number, by: number): number {
  return by === 0 ? 0 : Math.trunc(value / by);
}

function least(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.min(...values);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.trunc(((sorted[middle - 1] ?? 0) + upper) / 2);
}
