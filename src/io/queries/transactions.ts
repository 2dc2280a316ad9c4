/** Finds transactions, wherever they are: in a block of any branch, or waiting in the mempool. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { Coin } from "../../consensus/coin.ts";
import type { MempoolEntry } from "../../mempool/entry.ts";
import type { Node } from "../../node/node.ts";
import type { Block } from "../../primitives/block.ts";
import type { BlockHash, Satoshi, Txid } from "../../primitives/brand.ts";
import { merkleBranch } from "../../primitives/merkle.ts";
import { encodeMerkleBlock } from "../../primitives/merkle-block.ts";
import {
  isCoinbase,
  type OutPoint,
  outPointName,
  type Output,
  type Transaction,
  txidOf,
} from "../../primitives/transaction.ts";
import type { IndexRecords, TransactionPlace } from "./index-records.ts";

/** The block of the active branch that holds something; undefined while none does. */
export type ConfirmedBy = TreeEntry | undefined;

export type FoundTransaction = {
  readonly transaction: Transaction;
  /** What its inputs spend, as far as it is known; empty for a coinbase. */
  readonly spent: readonly (Output | undefined)[];
  readonly confirmedBy: ConfirmedBy;
};

export type FoundSpender = {
  readonly txid: Txid;
  /** Which of its inputs. */
  readonly input: number;
  readonly confirmedBy: ConfirmedBy;
};

/** What shows, with a block's merkle root, that a transaction is in the block. */
export type MerkleProof = {
  readonly height: number;
  readonly position: number;
  /** The hashes beside the way up to the root, the lowest first. */
  readonly hashes: readonly string[];
};

export class Transactions {
  readonly #node: Node;
  readonly #records: IndexRecords;
  /** Its coinbase makes no coin, so no index has it. */
  readonly #genesis: { readonly txid: Txid | undefined; readonly place: TransactionPlace };

  constructor(node: Node, records: IndexRecords) {
    this.#node = node;
    this.#records = records;
    const { genesis, genesisHash: block } = node.chain.params;
    const [coinbase] = genesis.transactions;
    this.#genesis = {
      txid: coinbase && txidOf(coinbase),
      place: { block, height: 0, position: 0 },
    };
  }

  /** A transaction of the active branch, or one that waits. */
  find(txid: Txid): FoundTransaction | undefined {
    const place = this.placeOf(txid);
    if (place !== undefined) return this.findIn(place.block, place.position, 1)?.[0];
    const entry = this.#node.mempool.get(txid);
    return entry && this.findWaiting(entry);
  }

  /** A transaction that waits, with what it spends. */
  findWaiting({ transaction }: MempoolEntry): FoundTransaction {
    const { mempool } = this.#node;
    const view = this.#node.nextBlockView();
    const spent = transaction.inputs.map(({ previous }) => mempool.coinAt(previous, view)?.output);
    return { transaction, spent, confirmedBy: undefined };
  }

  /**
   * Transactions of a block on any branch.
   *
   * @returns undefined if its body is not kept.
   */
  findIn(hash: BlockHash, start: number, countMax: number): FoundTransaction[] | undefined {
    const { chain } = this.#node;
    const block = chain.blockOf(hash);
    if (block === undefined) return undefined;
    const coins = chain.spentBy(hash);
    const confirmedBy = this.#activeEntry(hash);
    return block.transactions.slice(start, start + countMax).map((transaction, i) => ({
      transaction,
      spent: coins === undefined ? [] : spentAt(block, start + i, coins),
      confirmedBy,
    }));
  }

  /** Where a transaction stands on the active branch. */
  placeOf(txid: Txid): TransactionPlace | undefined {
    return txid === this.#genesis.txid ? this.#genesis.place : this.#records.placeOf(txid);
  }

  confirmedBy(txid: Txid): ConfirmedBy {
    const place = this.placeOf(txid);
    return place && this.#activeEntry(place.block);
  }

  /** Undefined if the transaction is not on the active branch. */
  proofOf(txid: Txid): MerkleProof | undefined {
    const place = this.placeOf(txid);
    const block = place && this.#node.chain.blockOf(place.block);
    if (place === undefined || block === undefined) return undefined;
    const { height, position } = place;
    return { height, position, hashes: merkleBranch(block.transactions.map(txidOf), position) };
  }

  /** The same proof with the block's header, as BIP37 has it. */
  merkleBlockOf(txid: Txid): Uint8Array | undefined {
    const place = this.placeOf(txid);
    const block = place && this.#node.chain.blockOf(place.block);
    if (place === undefined || block === undefined) return undefined;
    return encodeMerkleBlock(block.header, block.transactions.map(txidOf), place.position);
  }

  /** Who spends an output, on the active branch or waiting. */
  spenderOf(point: OutPoint): FoundSpender | undefined {
    const spender = this.#records.spenderOf(point);
    if (spender !== undefined) {
      return { ...spender, confirmedBy: this.confirmedBy(spender.txid) };
    }
    const { mempool } = this.#node;
    const txid = mempool.spenderOf(point);
    const entry = txid && mempool.get(txid);
    if (entry === undefined) return undefined;
    const name = outPointName(point);
    const input = entry.transaction.inputs.findIndex(
      ({ previous }) => outPointName(previous) === name,
    );
    return { txid: entry.txid, input, confirmedBy: undefined };
  }

  #activeEntry(hash: BlockHash): ConfirmedBy {
    const { chain } = this.#node;
    const entry = chain.tree.get(hash);
    return entry !== undefined && chain.isActive(entry) ? entry : undefined;
  }
}

/** Undefined for a coinbase, and where it is not known what an input spends. */
export function feeOf({ transaction, spent }: FoundTransaction): Satoshi | undefined {
  const known = spent.filter((output) => output !== undefined);
  if (known.length < transaction.inputs.length) return undefined;
  return (valueOf(known) - valueOf(transaction.outputs)) as Satoshi;
}

/** The sum of what outputs hold. */
export function valueOf(outputs: readonly Output[]): Satoshi {
  return outputs.reduce((sum, { value }) => sum + value, 0) as Satoshi;
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
