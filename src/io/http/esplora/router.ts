/** Esplora's HTTP API: the routes for transactions and the mempool, and all of them together. */

import express, { Router } from "express";
import { esploraRoutes as routes } from "../../../contract/node-api.ts";
import type { Mempool } from "../../../mempool/mempool.ts";
import type { MempoolEntry } from "../../../mempool/entry.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { bytesToHex, hexToBytes } from "../../../primitives/bytes.ts";
import { merkleBranch } from "../../../primitives/merkle.ts";
import {
  decodeTransaction,
  encodeTransaction,
  txidOf,
  type Transaction,
} from "../../../primitives/transaction.ts";
import { addAddressRoutes } from "./address-routes.ts";
import { addBlockRoutes } from "./block-routes.ts";
import { mempoolJson, outspendJson, recentJson, transactionJson } from "./shapes.ts";
import { hashFrom, numberFrom } from "./values.ts";
import { feeEstimates } from "../../queries/fee-estimates.ts";
import type { FoundTransaction, Ledger } from "../../queries/transactions.ts";
import { PlainError, tellPlainly } from "./plain-text.ts";
import { rejectReason, undecodableReason } from "./reject-reason.ts";
import type { ServedNode } from "../../queries/served-node.ts";

/** Hex digits: the largest transaction that is relayed has 800,000. @see electrs, MAX_BODY_SIZE */
const bodySizeBytesMax = 1_000_000;
const recentMax = 10;

export function esploraRouter(served: ServedNode, ledger: Ledger): Router {
  const router = Router();
  addTransactionRoutes(router, served, ledger);
  addMempoolRoutes(router, served.node.mempool);
  addAddressRoutes(router, served, ledger);
  addBlockRoutes(router, served, ledger);
  router.use(({ path }) => {
    throw new PlainError(404, `endpoint does not exist ${JSON.stringify(path)}`);
  });
  router.use(tellPlainly);
  return router;
}

function addTransactionRoutes(router: Router, served: ServedNode, ledger: Ledger): void {
  const { chain, params: network } = served.node;
  const find = (txid: string) => findTransaction(ledger, hashFrom<Txid>(txid));

  router.get(routes.transaction.path, ({ params }, response) => {
    response.json(transactionJson(find(params.txid), network.addressPrefix));
  });
  router.get(routes.transactionStatus.path, ({ params }, response) => {
    response.json(ledger.statusOf(hashFrom<Txid>(params.txid)));
  });
  router.get(routes.transactionHex.path, ({ params }, response) => {
    const bytes = encodeTransaction(find(params.txid).transaction);
    response.type("text/plain").send(bytesToHex(bytes));
  });
  router.get(routes.transactionRaw.path, ({ params }, response) => {
    const bytes = encodeTransaction(find(params.txid).transaction);
    response.type("application/octet-stream").send(Buffer.from(bytes));
  });
  router.get(routes.merkleProof.path, ({ params }, response) => {
    const place = ledger.placeOf(hashFrom<Txid>(params.txid));
    const block = place && chain.blockOf(place.block);
    if (place === undefined || block === undefined) {
      throw new PlainError(404, "Transaction not found or is unconfirmed");
    }
    const merkle = merkleBranch(block.transactions.map(txidOf), place.position);
    response.json({ block_height: place.height, merkle, pos: place.position });
  });
  router.get(routes.outspend.path, ({ params }, response) => {
    const point = { txid: hashFrom<Txid>(params.txid), index: numberFrom(params.vout) };
    response.json(outspendJson(ledger.spenderOf(point)));
  });
  router.get(routes.outspends.path, ({ params }, response) => {
    const { transaction } = find(params.txid);
    const txid = txidOf(transaction);
    const points = transaction.outputs.map((_, index) => ({ txid, index }));
    response.json(points.map((point) => outspendJson(ledger.spenderOf(point))));
  });
  const body = express.text({ type: () => true, limit: bodySizeBytesMax });
  router.post(routes.sendTransaction.path, body, async (request, response) => {
    const transaction = transactionFrom(request.body);
    response.type("text/plain").send(await submit(served, transaction));
  });
}

function findTransaction(ledger: Ledger, txid: Txid): FoundTransaction {
  const found = ledger.find(txid);
  if (found === undefined) throw new PlainError(404, "Transaction not found");
  return found;
}

function transactionFrom(body: unknown): Transaction {
  const hex = typeof body === "string" ? body.trim() : "";
  if (hex === "") throw undecodable("the body is empty; it must be the transaction in hex");
  const bytes = hexToBytes(hex);
  if (!bytes.ok) throw undecodable(bytes.problem.reason);
  const transaction = decodeTransaction(bytes.value);
  if (!transaction.ok) throw undecodable(transaction.problem.reason);
  return transaction.value;
}

function undecodable(reason: string): PlainError {
  return new PlainError(400, undecodableReason(reason));
}

async function submit({ runner }: ServedNode, transaction: Transaction): Promise<Txid> {
  const answer = await runner.command({ type: "submit-transaction", transaction });
  if (answer.type !== "transaction") throw new Error(`a ${answer.type} is no answer to this`);
  const { verdict } = answer;
  // To send what waits already is no mistake: somebody wants to be sure.
  const isWaiting =
    verdict.ok ||
    verdict.problem.rule === "txn-already-in-mempool" ||
    verdict.problem.rule === "txn-same-nonwitness-data-in-mempool";
  if (!isWaiting) throw new PlainError(400, rejectReason(verdict.problem));
  return txidOf(transaction);
}

function addMempoolRoutes(router: Router, mempool: Mempool): void {
  router.get(routes.mempool.path, (_request, response) => {
    response.json(mempoolJson(mempool));
  });
  router.get(routes.mempoolTxids.path, (_request, response) => {
    response.json(Array.from(mempool.entries(), ({ txid }) => txid));
  });
  router.get(routes.mempoolRecent.path, (_request, response) => {
    response.json(newest(mempool.entries()).map(recentJson));
  });
  router.get(routes.feeEstimates.path, (_request, response) => {
    response.json(feeEstimates(mempool));
  });
}

function newest(entries: Iterable<MempoolEntry>): MempoolEntry[] {
  return [...entries].sort((a, b) => b.position - a.position).slice(0, recentMax);
}
