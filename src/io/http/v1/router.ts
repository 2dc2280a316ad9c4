/** The routes under /v1: what Esplora lacks. */

import { join } from "node:path";
import express, { type Response, Router } from "express";
import { blockSizeBytesMax } from "../../../consensus/limits.ts";
import { ownRoutes as routes } from "../../../contract/node-api.ts";
import { branchTips } from "../../../indexes/tips.ts";
import { type Block, decodeBlock } from "../../../primitives/block.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { parseHash } from "../../../primitives/hash.ts";
import { readClocks } from "../../platform/clocks.ts";
import { readVersion } from "../../platform/version.ts";
import { connectedPeers } from "../../queries/connected-peers.ts";
import { changeMining, miningFacts } from "../../queries/mining.ts";
import type { Queries } from "../../queries/queries.ts";
import type { ServedNode } from "../../queries/served-node.ts";
import { submitBlock } from "../../queries/submissions.ts";
import { outcomeOf } from "../../queries/transaction-outcome.ts";
import type { EventLog } from "../events/event-log.ts";
import { eventStream } from "../events/event-stream.ts";
import { requireToken } from "../guard.ts";
import { decodeHexBody, hashForm } from "../hex-values.ts";
import { answerProblem, noSuchRoute, ProblemError } from "../problem.ts";
import { addressCoins } from "./address-coins.ts";
import { reorgJson } from "./event-json.ts";
import { miningChangeFrom, miningError } from "./mining-change.ts";
import {
  blockVerdictJson,
  chainTipJson,
  miningJson,
  nodeJson,
  outcomeJson,
  peerJson,
  utxoHashJson,
} from "./shapes.ts";

/** The hex of the largest block, and a line's end. */
const blockHexSizeBytesMax = 2 * blockSizeBytesMax + 2;
const jsonSizeBytesMax = 10_000;

/** Paths begin with /v1, so that the contract shows them as they are. */
export function ownRouter(queries: Queries, log: EventLog): Router {
  const router = Router();
  addReads(router, queries);
  router.get(routes.events.path, eventStream(log));
  addChanges(router, queries.served);
  router.use("/v1", noSuchRoute);
  router.use("/v1", answerProblem);
  return router;
}

function addReads(router: Router, queries: Queries): void {
  const { served, recentHistory, utxoReporter } = queries;
  const { chain, params: network } = served.node;
  const version = readVersion();

  router.get(routes.node.path, (_request, response) => {
    response.json(nodeJson(served, version));
  });
  router.get(routes.chainTips.path, (_request, response) => {
    response.json(branchTips(chain).map(chainTipJson));
  });
  router.get(routes.peers.path, (_request, response) => {
    const { elapsed } = readClocks();
    response.json(connectedPeers(served, elapsed).map(peerJson));
  });
  router.get(routes.utxoHash.path, async (_request, response) => {
    response.json(utxoHashJson(await utxoReporter.report()));
  });
  router.get(routes.mining.path, (_request, response) => {
    response.json(miningJson(miningFacts(served), network.addressPrefix));
  });
  router.get(routes.transactionOutcome.path, ({ params }, response) => {
    const txid = txidFrom(params.txid);
    const outcome = outcomeOf(txid, queries);
    if (outcome === undefined) {
      const detail = `This node has not seen ${txid} since it started.`;
      throw new ProblemError(404, "transaction-unknown", detail);
    }
    response.json(outcomeJson(outcome, network.addressPrefix));
  });
  router.get(routes.addressCoins.path, addressCoins(queries));
  router.get(routes.reorgs.path, (_request, response) => {
    response.json(recentHistory.reorganisations.map(({ news, at }) => reorgJson(news, at)));
  });
}

function addChanges(router: Router, served: ServedNode): void {
  const text = express.text({ type: () => true, limit: blockHexSizeBytesMax });
  router.post(routes.sendBlock.path, text, async (request, response: Response) => {
    response.json(blockVerdictJson(await submitBlock(served, blockFrom(request.body))));
  });
  const json = express.json({ type: () => true, limit: jsonSizeBytesMax });
  const authorised = requireToken(served.token, join(served.folder, "token"));
  router.post(routes.setMining.path, authorised, json, async (request, response: Response) => {
    const changed = await changeMining(served, miningChangeFrom(request.body));
    if (!changed.ok) throw miningError(changed.problem);
    response.json(miningJson(changed.value, served.node.params.addressPrefix));
  });
}

function txidFrom(text: string): Txid {
  const txid = parseHash<Txid>(text);
  if (txid.ok) return txid.value;
  throw new ProblemError(400, "txid-invalid", `No transaction id: ${hashForm}.`);
}

function blockFrom(body: unknown): Block {
  const block = decodeHexBody(body, "block", decodeBlock);
  if (block.ok) return block.value;
  throw new ProblemError(400, "block-malformed", `This is no block: ${block.problem.reason}.`);
}
