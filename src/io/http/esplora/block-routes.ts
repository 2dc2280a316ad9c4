/** Esplora's routes for blocks. */

import type { Router } from "express";
import type { Chain } from "../../../chain/chain.ts";
import type { TreeEntry } from "../../../chain/tree.ts";
import {
  type BlockJson,
  esploraRoutes as routes,
  type TransactionJson,
} from "../../../contract/node-api.ts";
import type { BlockHash, Txid } from "../../../primitives/brand.ts";
import { bytesToHex } from "../../../primitives/bytes.ts";
import { encodeHeader } from "../../../primitives/header.ts";
import { findActive, findBlock, findBlocksDown, type FoundBlock } from "../../queries/blocks.ts";
import type { Queries } from "../../queries/queries.ts";
import { keepFor } from "./answer-age.ts";
import { PlainError } from "./plain-text.ts";
import { blockJson, blockStatusJson, transactionJson } from "./shapes.ts";
import { hashFrom, indexIn, numberFrom, numberIn } from "./values.ts";

/** @see Esplora, API.md */
const blocksPerPage = 10;
const transactionsPerPage = 25;

export function addBlockRoutes(router: Router, queries: Queries): void {
  const { blocks, served } = queries;
  const { chain } = served.node;

  router.get(routes.block.path, ({ params }, response) => {
    keepFor(response, "long").json(blockJson(blockFrom(chain, params.hash)));
  });
  router.get(routes.blockHeader.path, ({ params }, response) => {
    const { header } = entryFrom(chain, params.hash);
    keepFor(response, "long")
      .type("text/plain")
      .send(bytesToHex(encodeHeader(header)));
  });
  router.get(routes.blockRaw.path, ({ params }, response) => {
    const bytes = blocks.bytesOf(hashFrom<BlockHash>(params.hash));
    if (bytes === undefined) throw blockNotFound();
    const { buffer, byteOffset, byteLength } = bytes;
    keepFor(response, "long")
      .type("application/octet-stream")
      .send(Buffer.from(buffer, byteOffset, byteLength)); // the stored bytes, not a copy
  });
  router.get(routes.blockStatus.path, ({ params }, response) => {
    response.json(blockStatusJson(findActive(chain, hashFrom<BlockHash>(params.hash))));
  });
  router.get(routes.blockTransactions.path, ({ params }, response) => {
    response.json(transactionsOf(queries, params.hash, 0));
  });
  router.get(routes.blockTransactionsFrom.path, ({ params }, response) => {
    const start = indexIn(params.start_index) ?? 0;
    response.json(transactionsOf(queries, params.hash, start));
  });
  router.get(routes.blockTxids.path, ({ params }, response) => {
    keepFor(response, "long").json(txidsFrom(queries, params.hash));
  });
  router.get(routes.blockTxid.path, ({ params }, response) => {
    const index = numberFrom(params.index);
    const txid = txidsFrom(queries, params.hash)[index];
    if (txid === undefined) throw new PlainError(404, "tx index out of range");
    keepFor(response, "long").type("text/plain").send(txid);
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
    response.json(blocksDown(chain.tip));
  });
  router.get(routes.blocksFrom.path, ({ params }, response) => {
    const height = numberIn(params.start_height) ?? chain.tip.height;
    response.json(blocksDown(entryAt(chain, height)));
  });
}

function entryAt(chain: Chain, height: number): TreeEntry {
  const entry = chain.entryAt(height);
  if (entry === undefined) throw blockNotFound();
  return entry;
}

function entryFrom(chain: Chain, hash: string): TreeEntry {
  const entry = chain.tree.get(hashFrom<BlockHash>(hash));
  if (entry === undefined) throw blockNotFound();
  return entry;
}

function blockFrom(chain: Chain, hash: string): FoundBlock {
  const found = findBlock(chain, hashFrom<BlockHash>(hash));
  if (found === undefined) throw blockNotFound();
  return found;
}

function txidsFrom({ blocks }: Queries, hash: string): readonly Txid[] {
  const txids = blocks.txidsIn(hashFrom<BlockHash>(hash));
  if (txids === undefined) throw blockNotFound();
  return txids;
}

function blockNotFound(): PlainError {
  return new PlainError(404, "Block not found");
}

function blocksDown(first: TreeEntry): BlockJson[] {
  return findBlocksDown(first, blocksPerPage).map(blockJson);
}

function transactionsOf(
  { served, transactions }: Queries,
  hash: string,
  start: number,
): TransactionJson[] {
  const { chain, params } = served.node;
  const blockHash = hashFrom<BlockHash>(hash);
  if (!chain.tree.get(blockHash)) throw blockNotFound();
  if (start % transactionsPerPage !== 0) {
    throw new PlainError(400, `start index must be a multiple of ${transactionsPerPage}`);
  }
  const page = transactions.findIn(blockHash, start, transactionsPerPage);
  if (page === undefined) throw blockNotFound();
  if (page.length === 0) throw new PlainError(400, "start index out of range");
  return page.map((found) => transactionJson(found, params.addressPrefix));
}
