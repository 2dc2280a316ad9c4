/** What a node knows, in the JSON shapes of our own routes. */

import type { MiningJson } from "../../../contract/mining.ts";
import type {
  BlockVerdictJson,
  ChainTipJson,
  NodeJson,
  PeerJson,
  TransactionOutcomeJson,
  UtxoHashJson,
} from "../../../contract/node-api.ts";
import type { BranchTip } from "../../../indexes/tips.ts";
import type { BlockResult } from "../../../node/effect.ts";
import { addressOfScript } from "../../../primitives/address.ts";
import { difficultyOf } from "../../../primitives/target.ts";
import type { ConnectedPeer } from "../../queries/connected-peers.ts";
import type { MiningFacts } from "../../queries/mining.ts";
import type { Orphaning, Removal } from "../../queries/recent-history.ts";
import type { ServedNode } from "../../queries/served-node.ts";
import type { TransactionOutcome } from "../../queries/transaction-outcome.ts";
import type { UtxoReport } from "../../queries/utxo-report.ts";
import { statusJson, transactionJson } from "../esplora/shapes.ts";
import { forcedRestJson, ruleAndFacts, workHex } from "./event-json.ts";

export function nodeJson(
  { name, node, network, startedAt }: ServedNode,
  version: string,
): NodeJson {
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
    clock: node.clocks.difference ?? null,
    height: chain.tip.height,
    tip: chain.tip.hash,
    work: workHex(chain.tip.work),
    peers: network.peers().length,
  };
}

export function chainTipJson({
  height,
  hash,
  branchLength,
  status,
  work,
}: BranchTip): ChainTipJson {
  return { height, hash, branchlen: branchLength, status, work: workHex(work) };
}

export function peerJson({ summary, connection }: ConnectedPeer): PeerJson {
  return {
    peer: summary.peer,
    direction: connection?.direction ?? null,
    address: connection?.address ?? null,
    connected_at: summary.joinedAt,
    ready: summary.isReady,
    height: summary.height,
    tip: summary.tip ?? null,
    work: workHex(summary.work),
    penalty: summary.penalty,
  };
}

export function blockVerdictJson(result: BlockResult): BlockVerdictJson {
  const { status, hash } = result;
  if (status !== "rejected") return { status, hash };
  return { status, hash, ...ruleAndFacts(result.problem) };
}

export function utxoHashJson({ tip, hash, coins, total }: UtxoReport): UtxoHashJson {
  return { height: tip.height, best_block: tip.hash, hash, coins, total };
}

/** @param prefix what addresses of the network begin with. */
export function miningJson(
  { payTo, hashesPerSecondMax, ...facts }: MiningFacts,
  prefix: string,
): MiningJson {
  return {
    address: (payTo && addressOfScript(payTo, prefix)) ?? null,
    hashrate: hashesPerSecondMax ?? null,
    hashes_per_second: Math.round(facts.hashesPerSecond),
    hashes: facts.hashes,
    hasher: facts.hasher ?? null,
    threads: facts.threads,
    height: facts.height,
    bits: facts.bits,
    difficulty: difficultyOf(facts.bits),
    rest: facts.forcedRest === undefined ? null : forcedRestJson(facts.forcedRest),
  };
}

/** @param prefix what addresses of the network begin with. */
export function outcomeJson(outcome: TransactionOutcome, prefix: string): TransactionOutcomeJson {
  const { txid, state, orphaning, found } = outcome;
  const isConfirmed = state === "confirmed";
  return {
    txid,
    state,
    confirmations: isConfirmed ? outcome.confirmations : 0,
    status: statusJson(isConfirmed ? outcome.confirmedBy : undefined),
    ...(state === "gone" && outcome.removal && removalFacts(outcome.removal)),
    ...(orphaning && orphaningFacts(orphaning)),
    transaction: found === undefined ? null : transactionJson(found, prefix),
  };
}

function removalFacts({ reason, by }: Removal) {
  return { ...(by !== undefined && { replaced_by: by }), removed_because: reason };
}

function orphaningFacts({ at, block, height }: Orphaning) {
  return { orphaned_at: { at, block_hash: block, block_height: height } };
}
