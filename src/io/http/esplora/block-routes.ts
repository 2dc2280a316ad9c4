/** Esplora's routes for blocks. */

import type { Router } from "express";
import {
  esploraRoutes as routes,
  type BlockJson,
  type TransactionJson,
} from "../../../contract/node-api.ts";
import type { Chain } from "../../../chain/chain.ts";
import type { TreeEntry } from "../../../chain/tree.ts";
import { encodeBlock, type Block } from "../../../primitives/block.ts";
import type { BlockHash } from "../../../primitives/brand.ts";
import { bytesToHex } from "../../../primitives/bytes.ts";
import { encodeHeader } from "../../../primitives/header.ts";
import { txidOf } from "../../../primitives/transaction.ts";
import { blockJson, blockStatusJson, transactionJson } from "./shapes.ts";
import { hashFrom, numberFrom } from "./values.ts";
import type { Ledger } from "../../queries/transactions.ts";
import { PlainError } from "./plain-text.ts";
import type { ServedNode } from "../../queries/served-node.ts";

/** @see Esplora, API.md */
const blocksPerPage = 10;
const transactionsPerPage = 25;

export function addBlockRoutes(router: Router, { node }: ServedNode, ledger: Ledger): void {
  const { chain } = node;
  const { addressPrefix } = node.params;

  router.get(routes.block.path, ({ params }, response) => {
    const { entry, block } = findBlock(chain, params.hash);
    response.json(blockJson(entry, block));
  });
  router.get(routes.blockHeader.path, ({ params }, response) => {
    const { header } = findEntry(chain, params.hash);
    response.type("text/plain").send(bytesToHex(encodeHeader(header)));
  });
  router.get(routes.blockRaw.path, ({ params }, response) => {
    const { block } = findBlock(chain, params.hash);
    response.type("application/octet-stream").send(Buffer.from(encodeBlock(block)));
  });
  router.get(routes.blockStatus.path, ({ params }, response) => {
    response.json(blockStatusJson(chain, chain.tree.get(hashFrom<BlockHash>(params.hash))));
  });
  router.get(routes.blockTransactions.path, ({ params }, response) => {
    response.json(transactionsOf(ledger, addressPrefix, params.hash, 0));
  });
  router.get(routes.blockTransactionsFrom.path, ({ params }, response) => {
    const start = numberFrom(params.start_index);
    response.json(transactionsOf(ledger, addressPrefix, params.hash, start));
  });
  router.get(routes.blockTxids.path, ({ params }, response) => {
    response.json(findBlock(chain, params.hash).block.transactions.map(txidOf));
  });
  router.get(routes.blockTxid.path, ({ params }, response) => {
    const index = numberFrom(params.index);
    const transaction = findBlock(chain, params.hash).block.transactions[index];
    if (transaction === undefined) throw new PlainError(404, "tx index out of range");
    response.type("text/plain").send(txidOf(transaction));
  });
  router.get(routes.blockAtHeight.path, ({ params }, response) => {
    response.type("text/plain").send(entryAt(chain, numberFrom(params.height)).hash);
  });
  router.get(routes.tipHeight.path, (_request, response) => {
    response.type("text/plain").send(String(chain.tip.height));
  });
  router.get(routes.tipHash.path, (_request, response) => {
    response.type("text/plain").send(chain.tip.hash);
  });
  router.get(routes.blocks.path, (_request, response) => {
    response.json(blocksBelow(chain, chain.tip));
  });
  router.get(routes.blocksFrom.path, ({ params }, response) => {
    response.json(blocksBelow(chain, entryAt(chain, numberFrom(params.start_height))));
  });
}

function entryAt(chain: Chain, height: number): TreeEntry {
  const entry = chain.entryAt(height);
  if (entry === undefined) throw blockNotFound();
  return entry;
}

function findEntry(chain: Chain, hash: string): TreeEntry {
  const entry = chain.tree.get(hashFrom<BlockHash>(hash));
  if (entry === undefined) throw blockNotFound();
  return entry;
}

function findBlock(chain: Chain, hash: string): { entry: TreeEntry; block: Block } {
  const entry = findEntry(chain, hash);
  const block = chain.blockOf(entry.hash);
  if (block === undefined) throw blockNotFound();
  return { entry, block };
}

function blockNotFound(): PlainError {
  return new PlainError(404, "Block not found");
}

function blocksBelow(chain: Chain, first: TreeEntry): BlockJson[] {
  const blocks: BlockJson[] = [];
  let at: TreeEntry | undefined = first;
  for (; at !== undefined && blocks.length < blocksPerPage; at = at.parent) {
    blocks.push(blockJson(at, findBlock(chain, at.hash).block));
  }
  return blocks;
}

function transactionsOf(
  ledger: Ledger,
  addressPrefix: string,
  hash: string,
  start: number,
): TransactionJson[] {
  if (start % transactionsPerPage !== 0) {
    throw new PlainError(400, `start index must be a multiple of ${transactionsPerPage}`);
  }
  const page = ledger.findIn(hashFrom<BlockHash>(hash), start, transactionsPerPage);
  if (page === undefined) throw blockNotFound();
  if (page.length === 0) throw new PlainError(400, "start index out of range");
  return page.map((found) => transactionJson(found, addressPrefix));
}
