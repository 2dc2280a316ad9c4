/** A chain for the mempool's tests: it has coins and heights, and believes every block. */

import type { BranchBlock, TipChange } from "../../src/chain/change.ts";
import type { Coin } from "../../src/consensus/coin.ts";
import { regtest } from "../../src/consensus/params.ts";
import type { NextBlockView } from "../../src/mempool/view.ts";
import type { BlockHash, Txid } from "../../src/primitives/brand.ts";
import { zeroHash } from "../../src/primitives/hash.ts";
import { heightPush } from "../../src/primitives/script.ts";
import {
  noOutputIndex,
  outPointName,
  type Transaction,
  txidOf,
} from "../../src/primitives/transaction.ts";
import { keyOf, output, type Spendable } from "../builders.ts";

const firstHeight = 1000;
const spacing = 600;

export const miner = keyOf("miner");

export class Ledger {
  /** What the chain had before the first block of the test. */
  readonly #funds = new Map<string, Coin>();
  #blocks: BranchBlock[] = [];
  #count = 0;

  /** A confirmed coin of its own. */
  fund(value: number, height = firstHeight - 500): Spendable {
    this.#count += 1;
    const txid = this.#count.toString(16).padStart(64, "0") as Txid;
    const coin = output(value, miner.script);
    const point = { txid, index: 0 };
    this.#funds.set(outPointName(point), { output: coin, height, isCoinbase: false });
    return { point, output: coin, key: miner };
  }

  /** Every answer is counted from the beginning. */
  get view(): NextBlockView {
    const coins = new Map(this.#funds);
    for (const { block, height } of this.#blocks) {
      for (const [position, transaction] of block.transactions.entries()) {
        for (const { previous } of transaction.inputs) coins.delete(outPointName(previous));
        for (const [index, made] of transaction.outputs.entries()) {
          const name = outPointName({ txid: txidOf(transaction), index });
          coins.set(name, { output: made, height, isCoinbase: position === 0 });
        }
      }
    }
    const height = firstHeight + this.#blocks.length;
    return {
      height,
      medianTime: (height - 1) * spacing,
      medianTimeAt: (at) => at * spacing,
      coinAt: (point) => coins.get(outPointName(point)),
    };
  }

  connect(...transactions: Transaction[]): TipChange {
    return this.reorganise(0, transactions);
  }

  /** Undoes the last `depth` blocks and connects one block for each list. */
  reorganise(depth: number, ...branch: Transaction[][]): TipChange {
    const back: readonly BranchBlock[] = this.#blocks
      .splice(this.#blocks.length - depth, depth)
      .reverse();
    const forth: readonly BranchBlock[] = branch.map((transactions) => this.#append(transactions));
    return { back, forth } as TipChange;
  }

  /** The coin that the last block made. */
  get reward(): Spendable {
    const coinbase = this.#blocks.at(-1)!.block.transactions[0]!;
    return {
      point: { txid: txidOf(coinbase), index: 0 },
      output: coinbase.outputs[0]!,
      key: miner,
    };
  }

  #append(transactions: readonly Transaction[]): BranchBlock {
    this.#count += 1;
    const height = firstHeight + this.#blocks.length;
    const coinbase: Transaction = {
      version: 2,
      inputs: [
        {
          previous: { txid: zeroHash as Txid, index: noOutputIndex },
          scriptSig: Uint8Array.of(...heightPush(height), ...heightPush(this.#count)),
          sequence: 0xffff_ffff,
          witness: [],
        },
      ],
      outputs: [output(1_000_000, miner.script)],
      lockTime: 0,
    };
    const { header } = regtest.genesis;
    const block = { header, transactions: [coinbase, ...transactions] };
    const hash = this.#count.toString(16).padStart(64, "b") as BlockHash;
    const appended = { hash, height, block };
    this.#blocks.push(appended);
    return appended;
  }
}
