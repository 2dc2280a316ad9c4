/** Finds transactions, wherever they are: in a block of any branch, or waiting in the mempool. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { MempoolEntry } from "../../mempool/entry.ts";
import type { Node } from "../../node/node.ts";
import type { BlockHash, Satoshi, Txid } from "../../primitives/brand.ts";
import { merkleBranch } from "../../primitives/merkle.ts";
import { encodeMerkleBlock } from "../../primitives/merkle-block.ts";
import {
  type OutPoint,
  outPointName,
  type Output,
  type Transaction,
  txidOf,
} from "../../primitives/transaction.ts";
import type { IndexedPlace, IndexRecords, Spender } from "./index-records.ts";
import type { StoredBlocks } from "./stored-blocks.ts";

/** The block of the active branch that holds something; undefined while none does. */
export type ConfirmedBy = TreeEntry | undefined;

/** Where a transaction stands on the active branch. */
export type TransactionPlace = IndexedPlace & { readonly block: BlockHash };

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
  readonly #blocks: StoredBlocks;
  /** Its coinbase makes no coin, so no index has it. */
  readonly #genesis: { readonly txid: Txid | undefined; readonly place: TransactionPlace };

  constructor(node: Node, records: IndexRecords, blocks: StoredBlocks) {
    this.#node = node;
    this.#records = records;
    this.#blocks = blocks;
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
    if (place !== undefined) return this.findAt(place);
    const entry = this.#node.mempool.get(txid);
    return entry && this.findWaiting(entry);
  }

  /** The transaction at a place on the active branch. */
  findAt({ height, position }: IndexedPlace): FoundTransaction | undefined {
    const entry = this.#node.chain.entryAt(height);
    return entry && this.findIn(entry.hash, position, 1)?.[0];
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
    const confirmedBy = this.#activeEntry(hash);
    const found = this.#blocks.transactionsIn(hash, start, countMax);
    return found?.map((each) => ({ ...each, confirmedBy }));
  }

  /** Where a transaction stands on the active branch. */
  placeOf(txid: Txid): TransactionPlace | undefined {
    if (txid === this.#genesis.txid) return this.#genesis.place;
    const place = this.#records.placeOf(txid);
    const block = place && this.#node.chain.entryAt(place.height)?.hash;
    if (place === undefined || block === undefined) return undefined;
    const { height, position } = place;
    return { block, height, position };
  }

  confirmedBy(txid: Txid): ConfirmedBy {
    const place = this.placeOf(txid);
    return place && this.#node.chain.entryAt(place.height);
  }

  /** Undefined if the transaction is not on the active branch. */
  proofOf(txid: Txid): MerkleProof | undefined {
    const place = this.placeOf(txid);
    const txids = place && this.#blocks.txidsIn(place.block);
    if (place === undefined || txids === undefined) return undefined;
    const { height, position } = place;
    return { height, position, hashes: merkleBranch(txids, position) };
  }

  /** The same proof with the block's header, as BIP37 has it. */
  merkleBlockOf(txid: Txid): Uint8Array | undefined {
    const place = this.placeOf(txid);
    const entry = place && this.#node.chain.entryAt(place.height);
    const txids = entry && this.#blocks.txidsIn(entry.hash);
    if (!place || !entry || !txids) return undefined;
    return encodeMerkleBlock(entry.header, txids, place.position);
  }

  /** Who spends an output, on the active branch or waiting. */
  spenderOf(point: OutPoint): FoundSpender | undefined {
    const spender = this.#records.spenderOf(point);
    return spender ? this.#confirmedSpender(spender) : this.#waitingSpender(point);
  }

  /** The same for the first outputs of a transaction, in their order. */
  spendersOf(txid: Txid, outputCount: number): (FoundSpender | undefined)[] {
    const spenders = new Map(this.#records.spendersOf(txid).map((each) => [each.output, each]));
    return Array.from({ length: outputCount }, (_, index) => {
      const spender = spenders.get(index);
      return spender ? this.#confirmedSpender(spender) : this.#waitingSpender({ txid, index });
    });
  }

  #confirmedSpender({ txid, input, height }: Spender): FoundSpender {
    return { txid, input, confirmedBy: this.#node.chain.entryAt(height) };
  }

  #waitingSpender(point: OutPoint): FoundSpender | undefined {
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
