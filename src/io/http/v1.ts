/** The routes under /v1: what Esplora lacks. */

import { join } from "node:path";
import express, { Router, type Response } from "express";
import {
  ownRoutes as routes,
  type BlockVerdictJson,
  type ChainTipJson,
  type MiningChange,
  type NodeJson,
  type PeerJson,
} from "../../contract/node-api.ts";
import type { BlockResult } from "../../node/effect.ts";
import { branchTips, type BranchTip } from "../../indexes/tips.ts";
import { blockSizeBytesMax } from "../../consensus/limits.ts";
import type { PeerSummary } from "../../peers/peers.ts";
import { decodeBlock, type Block } from "../../primitives/block.ts";
import type { Milliseconds, Txid } from "../../primitives/brand.ts";
import { hexToBytes } from "../../primitives/bytes.ts";
import { parseHash } from "../../primitives/hash.ts";
import type { PeerConnection } from "../p2p/network.ts";
import type { Chronicle } from "./chronicle.ts";
import type { EventLog } from "./event-log.ts";
import { hashForm } from "./esplora-values.ts";
import { eventStream } from "./event-stream.ts";
import { requireToken } from "./guard.ts";
import type { Ledger } from "./ledger.ts";
import { changeMining, miningJson, miningChange } from "./mining.ts";
import { ruleAndFacts, workHex } from "./news-json.ts";
import { noSuchRoute, ProblemError, tellProblem } from "./problem.ts";
import type { ServedNode } from "./served-node.ts";
import { fateOf } from "./transaction-fate.ts";
import { UtxoReporter } from "./utxo-report.ts";
import { readVersion } from "./version.ts";

/** The hex of the largest block, and a line's end. */
const blockHexSizeBytesMax = 2 * blockSizeBytesMax + 2;
const jsonSizeBytesMax = 10_000;

export type Records = {
  readonly ledger: Ledger;
  readonly chronicle: Chronicle;
  readonly log: EventLog;
};

/** Paths begin with /v1, so that the contract shows them as they are. */
export function ownRouter(served: ServedNode, records: Records): Router {
  const router = Router();
  addReads(router, served, records);
  addChanges(router, served);
  router.use("/v1", noSuchRoute);
  router.use("/v1", tellProblem);
  return router;
}

function addReads(router: Router, served: ServedNode, records: Records): void {
  const { node, network } = served;
  const { ledger, chronicle, log } = records;
  const version = readVersion();
  const utxos = new UtxoReporter(served);

  router.get(routes.node.path, (_request, response) => {
    response.json(nodeJson(served, version));
  });
  router.get(routes.chainTips.path, (_request, response) => {
    response.json(branchTips(node.chain).map(chainTipJson));
  });
  router.get(routes.peers.path, (_request, response) => {
    const connections = new Map(network.peers().map((each) => [each.peer, each]));
    const now = Date.now() as Milliseconds;
    const peers = node.peers.list(now).map((peer) => peerJson(peer, connections.get(peer.peer)));
    response.json(peers);
  });
  router.get(routes.utxoHash.path, async (_request, response) => {
    response.json(await utxos.report());
  });
  router.get(routes.mining.path, (_request, response) => {
    response.json(miningJson(served));
  });
  router.get(routes.events.path, eventStream(log));
  router.get(routes.transactionFate.path, ({ params }, response) => {
    const txid = parseHash<Txid>(params.txid);
    if (!txid.ok) throw new ProblemError(400, "txid-invalid", `No transaction id: ${hashForm}.`);
    const fate = fateOf(txid.value, node, ledger, chronicle);
    if (fate === undefined) {
      const detail = `This node has not seen ${txid.value} since it started.`;
      throw new ProblemError(404, "transaction-unknown", detail);
    }
    response.json(fate);
  });
  router.get(routes.reorgs.path, (_request, response) => {
    response.json(chronicle.reorgs);
  });
}

function addChanges(router: Router, served: ServedNode): void {
  const text = express.text({ type: () => true, limit: blockHexSizeBytesMax });
  router.post(routes.sendBlock.path, text, async (request, response: Response) => {
    const block = blockFrom(request.body);
    const answer = await served.runner.command({ type: "submit-block", block });
    if (answer.type !== "block") throw new Error(`a ${answer.type} is no answer to this`);
    response.json(blockVerdictJson(answer.result));
  });
  const json = express.json({ type: () => true, limit: jsonSizeBytesMax });
  const authorised = requireToken(served.token, join(served.folder, "token"));
  router.post(routes.setMining.path, authorised, json, async (request, response: Response) => {
    await changeMining(served, miningChangeFrom(request.body));
    response.json(miningJson(served));
  });
}

function blockFrom(body: unknown): Block {
  const hex = typeof body === "string" ? body.trim() : "";
  if (hex === "") throw malformedBlock("the body is empty; it must be the block in hex");
  const bytes = hexToBytes(hex);
  if (!bytes.ok) throw malformedBlock(bytes.problem.reason);
  const block = decodeBlock(bytes.value);
  if (!block.ok) throw malformedBlock(block.problem.reason);
  return block.value;
}

function malformedBlock(reason: string): ProblemError {
  return new ProblemError(400, "block-malformed", `This is no block: ${reason}.`);
}

function miningChangeFrom(body: unknown): MiningChange {
  const change = miningChange.safeParse(body);
  if (change.success) return change.data;
  const wrong = change.error.issues.map(({ path, message }) => {
    return path.length === 0 ? message : `${path.join(".")}: ${message}`;
  });
  throw new ProblemError(400, "body-invalid", `${wrong.join("; ")}.`);
}

function nodeJson({ name, node, network, startedAt }: ServedNode, version: string): NodeJson {
  const { params, chain } = node;
  return {
    name,
    network: params.name,
    genesis: params.genesisHash,
    address_prefix: params.addressPrefix,
    coinbase_maturity: params.coinbaseMaturity,
    peer_id: network.peerId,
    addresses: network.addresses(),
    version,
    started_at: startedAt,
    height: chain.tip.height,
    tip: chain.tip.hash,
    work: workHex(chain.tip.work),
    peers: network.peers().length,
  };
}

function chainTipJson({ height, hash, branchLength, status, work }: BranchTip): ChainTipJson {
  return { height, hash, branchlen: branchLength, status, work: workHex(work) };
}

function peerJson(peer: PeerSummary, connection: PeerConnection | undefined): PeerJson {
  return {
    peer: peer.peer,
    direction: connection?.direction ?? null,
    address: connection?.address ?? null,
    connected_at: peer.joinedAt,
    ready: peer.isReady,
    height: peer.height,
    tip: peer.tip ?? null,
    work: workHex(peer.work),
    penalty: peer.penalty,
  };
}

function blockVerdictJson(result: BlockResult): BlockVerdictJson {
  const { status, hash } = result;
  if (status !== "rejected") return { status, hash };
  return { status, hash, ...ruleAndFacts(result.problem) };
}
