/** Methods that find a transaction by its id. */

import type { TreeEntry } from "../../../../chain/tree.ts";
import type { BlockHash, Txid } from "../../../../primitives/brand.ts";
import { type Transaction, txidOf } from "../../../../primitives/transaction.ts";
import type { Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { hashCalled, optional, verbosity } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";
import { spentByEach } from "../shapes/block-json.ts";
import { hexOf, type Members, transactionJson } from "../shapes/transaction-json.ts";
import { blockOf } from "./found.ts";

export const rawTransactionMethods: readonly Method[] = [
  method("getrawtransaction", {
    about:
      "A transaction that waits or is on the active branch, or in the block that is named: as " +
      "hex (verbosity 0), as an object (1), or also with what it spends (2).",
    category: "Rawtransactions",
    parameters: {
      txid: hashCalled<Txid>("parameter 1"),
      verbosity: verbosity(0, "verbose"),
      blockhash: optional(hashCalled<BlockHash>("parameter 3")),
    },
    answer: ({ txid, verbosity, blockhash }, node) => {
      const found = find(node, txid, blockhash);
      return verbosity <= 0 ? hexOf(found.transaction) : shown(node, found, verbosity, blockhash);
    },
  }),
];

type Found = {
  readonly transaction: Transaction;
  /** The block that holds it; undefined while it waits. */
  readonly entry: TreeEntry | undefined;
  readonly position: number;
};

function find(node: RpcNode, txid: Txid, block: BlockHash | undefined): Found {
  const { chain, mempool, params } = node.served.node;
  const [minted] = params.genesis.transactions;
  if (minted !== undefined && txid === txidOf(minted)) {
    throw notFound(
      "The genesis block coinbase is not considered an ordinary transaction and cannot be retrieved",
    );
  }
  if (block !== undefined) return findIn(node, txid, block);
  const waiting = mempool.get(txid);
  if (waiting !== undefined)
    return { transaction: waiting.transaction, entry: undefined, position: 0 };
  const place = node.queries.transactions.placeOf(txid);
  const transaction = place && blockOf(chain, place.block).transactions[place.position];
  if (place === undefined || transaction === undefined) {
    throw notFound(`No such mempool or blockchain transaction. ${walletAdvice}`);
  }
  return { transaction, entry: chain.tree.get(place.block), position: place.position };
}

const walletAdvice = "Use gettransaction for wallet transactions.";

function findIn({ served }: RpcNode, txid: Txid, hash: BlockHash): Found {
  const { chain } = served.node;
  const entry = chain.tree.get(hash);
  if (entry === undefined) throw notFound("Block hash not found");
  const block = chain.blockOf(hash);
  if (block === undefined) throw new RpcError(rpcCodes.misc, "Block not available");
  const position = block.transactions.findIndex((each) => txidOf(each) === txid);
  const transaction = block.transactions[position];
  if (transaction === undefined) {
    throw notFound(`No such transaction found in the provided block. ${walletAdvice}`);
  }
  return { transaction, entry, position };
}

function notFound(message: string): RpcError {
  return new RpcError(rpcCodes.addressOrKey, message);
}

function shown(
  { served }: RpcNode,
  { transaction, entry, position }: Found,
  verbosity: number,
  named: BlockHash | undefined,
): Writable {
  const { chain, params } = served.node;
  const isActive = entry !== undefined && chain.isActive(entry);
  const spent =
    verbosity >= 2 && entry !== undefined ? spentIn(served.node.chain, entry, position) : undefined;
  const members: Members = {
    ...(named !== undefined && { in_active_chain: isActive }),
    ...transactionJson(transaction, {
      prefix: params.addressPrefix,
      showsSpent: true,
      ...(spent && { spent }),
    }),
    hex: hexOf(transaction),
  };
  if (entry === undefined) return members;
  const { hash, height, header } = entry;
  if (!isActive) return { ...members, blockhash: hash, confirmations: 0 };
  const confirmations = chain.tip.height - height + 1;
  return { ...members, blockhash: hash, confirmations, time: header.time, blocktime: header.time };
}

function spentIn(chain: RpcNode["served"]["node"]["chain"], entry: TreeEntry, position: number) {
  return spentByEach(blockOf(chain, entry.hash), chain.spentBy(entry.hash))[position];
}
