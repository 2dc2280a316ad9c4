/** Reads parts of stored blocks by where they stand, so that a whole block is seldom decoded. */

import type { Chain } from "../../chain/chain.ts";
import { getPart, getWhole } from "../../chain/pieces.ts";
import { blockKey, decodeCoins, undoKey } from "../../chain/records.ts";
import type { Coin } from "../../consensus/coin.ts";
import type { Store } from "../../machine/store.ts";
import { type Block, encodeBlock } from "../../primitives/block.ts";
import type { BlockHash, Txid } from "../../primitives/brand.ts";
import { ByteReader } from "../../primitives/bytes.ts";
import {
  isCoinbase,
  type Output,
  readTransactions,
  type Transaction,
  txidOf,
} from "../../primitives/transaction.ts";
import type { IndexRecords, LayoutRow } from "./index-records.ts";
import { PieceCache } from "./piece-cache.ts";
import type { ServedNode } from "./served-node.ts";

export type StoredTransaction = {
  readonly transaction: Transaction;
  /** What its inputs spend; empty for a coinbase, and where it is not known. */
  readonly spent: readonly Output[];
};

export class StoredBlocks {
  readonly #chain: Chain;
  readonly #records: IndexRecords;
  readonly #pieces: Pick<Store, "get">;

  constructor(chain: Chain, store: ServedNode["store"], records: IndexRecords) {
    this.#chain = chain;
    this.#records = records;
    this.#pieces = new PieceCache(store);
  }

  /** The bytes of a block of any branch; undefined if its body is not kept. */
  bytesOf(hash: BlockHash): Uint8Array | undefined {
    const { genesisHash, genesis } = this.#chain.params;
    if (hash === genesisHash) return encodeBlock(genesis);
    return getWhole(this.#pieces, blockKey(hash));
  }

  /** The ids of a block's transactions; undefined if its body is not kept. */
  txidsIn(hash: BlockHash): readonly Txid[] | undefined {
    return this.#records.txidsIn(hash) ?? this.#chain.blockOf(hash)?.transactions.map(txidOf);
  }

  /**
   * Transactions of a block of any branch; fewer where the block ends, and undefined if its body is
   * not kept.
   */
  transactionsIn(
    hash: BlockHash,
    first: number,
    countMax: number,
  ): StoredTransaction[] | undefined {
    const measures = this.#chain.tree.get(hash)?.measures;
    if (measures === undefined) return undefined;
    const count = Math.max(0, Math.min(countMax, measures.transactionCount - first));
    if (count === 0) return [];
    const rows = this.#records.layoutOf(hash, first, count);
    if (rows !== undefined) return this.#readRows(hash, rows);
    const block = this.#chain.blockOf(hash);
    return block && withSpent(block, this.#chain.spentBy(hash), first, count);
  }

  #readRows(hash: BlockHash, rows: readonly LayoutRow[]): StoredTransaction[] {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return [];
    const bytes = this.#partOf(blockKey(hash), first.offset, last.offset);
    const coins = decodeCoins(this.#partOf(undoKey(hash), first.undoOffset, last.undoOffset));
    const transactions = readTransactions(new ByteReader(bytes), rows.length - 1);
    return giveOut(transactions, coins);
  }

  #partOf(key: string, start: number, end: number): Uint8Array {
    const part = getPart(this.#pieces, key, start, end - start);
    if (part === undefined) throw new Error(`the record ${key} is missing`);
    return part;
  }
}

function withSpent(
  { transactions }: Block,
  coins: readonly Coin[] | undefined,
  first: number,
  count: number,
): StoredTransaction[] {
  const asked = transactions.slice(first, first + count);
  if (coins === undefined) return asked.map((transaction) => ({ transaction, spent: [] }));
  const before = transactions.slice(0, first).reduce((sum, each) => sum + coinCount(each), 0);
  return giveOut(asked, coins.slice(before));
}

/** Gives each transaction as many of the coins as it spends. */
function giveOut(
  transactions: readonly Transaction[],
  coins: readonly Coin[],
): StoredTransaction[] {
  let next = 0;
  return transactions.map((transaction) => {
    const own = coins.slice(next, (next += coinCount(transaction)));
    return { transaction, spent: own.map(({ output }) => output) };
  });
}

function coinCount(transaction: Transaction): number {
  return isCoinbase(transaction) ? 0 : transaction.inputs.length;
}
