/** Looks up transactions and coins in a node's chain and mempool. */

import type { TransactionStatus } from "../../contract/node-api.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import {
  decodePlace,
  decodeSpender,
  spenderKey,
  transactionKey,
  type TransactionPlace,
} from "../../indexes/transaction-index.ts";
import type { Coin } from "../../consensus/coin.ts";
import type { MempoolEntry } from "../../mempool/entry.ts";
import type { Block } from "../../primitives/block.ts";
import type { BlockHash, Txid } from "../../primitives/brand.ts";
import {
  isCoinbase,
  outPointName,
  type OutPoint,
  type Output,
  type Transaction,
} from "../../primitives/transaction.ts";
import type { ServedNode } from "./served-node.ts";

export type FoundTransaction = {
  readonly transaction: Transaction;
  /** What its inputs spend, as far as it is known; empty for a coinbase. */
  readonly spent: readonly (Output | undefined)[];
  readonly status: TransactionStatus;
};

export type FoundSpender = {
  readonly txid: Txid;
  readonly input: number;
  readonly status: TransactionStatus;
};

export const unconfirmed: TransactionStatus = { confirmed: false };

export class Ledger {
  readonly #served: Pick<ServedNode, "node" | "store">;

  constructor(served: Pick<ServedNode, "node" | "store">) {
    this.#served = served;
  }

  /** A transaction of the active branch, or one that waits. */
  find(txid: Txid): FoundTransaction | undefined {
    const place = this.placeOf(txid);
    if (place !== undefined) return this.findIn(place.block, place.position, 1)?.[0];
    const entry = this.#served.node.mempool.get(txid);
    return entry && this.waiting(entry);
  }

  /** A transaction that waits, with what it spends. */
  waiting({ transaction }: MempoolEntry): FoundTransaction {
    const { node } = this.#served;
    const view = node.nextBlockView();
    const spent = transaction.inputs.map(
      ({ previous }) => node.mempool.coinAt(previous, view)?.output,
    );
    return { transaction, spent, status: unconfirmed };
  }

  /**
   * Transactions of a block on any branch.
   *
   * @returns undefined if its body is not kept.
   */
  findIn(hash: BlockHash, start: number, count: number): FoundTransaction[] | undefined {
    const { chain } = this.#served.node;
    const block = chain.blockOf(hash);
    if (block === undefined) return undefined;
    const coins = chain.spentBy(hash);
    const status = this.statusIn(hash);
    return block.transactions.slice(start, start + count).map((transaction, i) => ({
      transaction,
      spent: coins === undefined ? [] : spentAt(block, start + i, coins),
      status,
    }));
  }

  placeOf(txid: Txid): TransactionPlace | undefined {
    const record = this.#served.store.get(transactionKey(txid));
    return record && decodePlace(record);
  }

  statusOf(txid: Txid): TransactionStatus {
    const place = this.placeOf(txid);
    return place === undefined ? unconfirmed : this.statusIn(place.block);
  }

  /** The status of what is in a block. */
  statusIn(hash: BlockHash): TransactionStatus {
    const { chain } = this.#served.node;
    const entry = chain.tree.get(hash);
    return entry !== undefined && chain.isActive(entry) ? confirmedBy(entry) : unconfirmed;
  }

  /** The status of what is in the active block at a height. */
  statusAt(height: number): TransactionStatus {
    const entry = this.#served.node.chain.entryAt(height);
    return entry === undefined ? unconfirmed : confirmedBy(entry);
  }

  spenderOf(point: OutPoint): FoundSpender | undefined {
    const record = this.#served.store.get(spenderKey(point));
    if (record !== undefined) {
      const spender = decodeSpender(record);
      return { ...spender, status: this.statusOf(spender.txid) };
    }
    const { mempool } = this.#served.node;
    const txid = mempool.spenderOf(point);
    const entry = txid && mempool.get(txid);
    if (entry === undefined) return undefined;
    const name = outPointName(point);
    const isIt = ({ previous }: { previous: OutPoint }) => outPointName(previous) === name;
    return {
      txid: entry.txid,
      input: entry.transaction.inputs.findIndex(isIt),
      status: unconfirmed,
    };
  }
}

function confirmedBy({ height, hash, header }: TreeEntry): TransactionStatus {
  return { confirmed: true, block_height: height, block_hash: hash, block_time: header.time };
}

/** Picks one transaction's coins from its block's undo record. */
function spentAt(block: Block, position: number, coins: readonly Coin[]): Output[] {
  const counts = block.transactions.slice(0, position + 1).map(coinCount);
  const end = counts.reduce((sum, count) => sum + count, 0);
  const own = counts.at(-1) ?? 0;
  return coins.slice(end - own, end).map(({ output }) => output);
}

function coinCount(transaction: Transaction): number {
  return isCoinbase(transaction) ? 0 : transaction.inputs.length;
}
