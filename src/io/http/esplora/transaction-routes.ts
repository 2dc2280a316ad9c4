/** Esplora's routes for transactions. */

import express, { type Response, type Router } from "express";
import { esploraRoutes as routes } from "../../../contract/node-api.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { bytesToHex } from "../../../primitives/bytes.ts";
import {
  decodeTransaction,
  encodeTransaction,
  type Transaction,
  txidOf,
} from "../../../primitives/transaction.ts";
import type { Queries } from "../../queries/queries.ts";
import { submitTransaction } from "../../queries/submissions.ts";
import type { FoundTransaction } from "../../queries/transactions.ts";
import { decodeHexBody } from "../hex-values.ts";
import { keepFor } from "./answer-age.ts";
import { PlainError } from "./plain-text.ts";
import { rejectReason, undecodableReason } from "./reject-reason.ts";
import { merkleProofJson, outspendJson, statusJson, transactionJson } from "./shapes.ts";
import { hashFrom, indexFrom } from "./values.ts";

/** Hex digits: the largest transaction that is relayed has 800,000. @see electrs, MAX_BODY_SIZE */
const bodySizeBytesMax = 1_000_000;

export function addTransactionRoutes(router: Router, { served, transactions }: Queries): void {
  const { addressPrefix } = served.node.params;
  const find = (text: string): FoundTransaction => {
    const found = transactions.find(hashFrom<Txid>(text));
    if (found === undefined) throw new PlainError(404, "Transaction not found");
    return found;
  };

  router.get(routes.transaction.path, ({ params }, response) => {
    response.json(transactionJson(find(params.txid), addressPrefix));
  });
  router.get(routes.transactionStatus.path, ({ params }, response) => {
    response.json(statusJson(transactions.confirmedBy(hashFrom<Txid>(params.txid))));
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
    const proof = transactions.proofOf(hashFrom<Txid>(params.txid));
    if (proof === undefined) throw new PlainError(404, "Transaction not found or is unconfirmed");
    response.json(merkleProofJson(proof));
  });
  router.get(routes.merkleBlockProof.path, ({ params }, response) => {
    const proof = transactions.merkleBlockOf(hashFrom<Txid>(params.txid));
    if (proof === undefined) throw new PlainError(404, "Transaction not found or is unconfirmed");
    response.type("text/plain").send(bytesToHex(proof));
  });
  router.get(routes.outspend.path, ({ params }, response) => {
    const point = { txid: hashFrom<Txid>(params.txid), index: indexFrom(params.vout) };
    response.json(outspendJson(transactions.spenderOf(point)));
  });
  router.get(routes.outspends.path, ({ params }, response) => {
    const { transaction } = find(params.txid);
    const txid = txidOf(transaction);
    const spenders = transactions.spendersOf(txid, transaction.outputs.length);
    response.json(spenders.map(outspendJson));
  });
  const body = express.text({ type: () => true, limit: bodySizeBytesMax });
  const send = async (hex: unknown, response: Response): Promise<void> => {
    const result = await submitTransaction(served, transactionFrom(hex));
    if (result.status === "rejected") throw new PlainError(400, rejectReason(result.problem));
    keepFor(response, "none").type("text/plain").send(result.txid);
  };
  router.post(routes.sendTransaction.path, body, async (request, response) => {
    await send(request.body, response);
  });
  router.get(routes.broadcast.path, async ({ query }, response) => {
    if (query["tx"] === undefined) throw new PlainError(400, "Missing tx");
    await send(query["tx"], response);
  });
}

function transactionFrom(body: unknown): Transaction {
  const transaction = decodeHexBody(body, "transaction", decodeTransaction);
  if (transaction.ok) return transaction.value;
  throw new PlainError(400, undecodableReason(transaction.problem.reason));
}
