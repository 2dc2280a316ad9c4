/** Methods that tell miners what to work on, and how hard it is. */

import type { Chain } from "../../../../chain/chain.ts";
import type { TreeEntry } from "../../../../chain/tree.ts";
import { coinbaseWeightMax } from "../../../../mempool/template.ts";
import type { BlockHash } from "../../../../primitives/brand.ts";
import { difficultyOf } from "../../../../primitives/target.ts";
import { isList, type Json, type JsonObject } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { hashFrom, integer, object, optional } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";
import { templateJson } from "../shapes/template-json.ts";
import type { Members } from "../shapes/transaction-json.ts";
import { blockFrom, blockReason, knownStatus } from "./submitting.ts";

const requestSketch =
  '{"mode":"str","capabilities":["str",...],"rules":["segwit","str",...],"longpollid":"str","data":"hex"}';

export const miningMethods: readonly Method[] = [
  method("getblocktemplate", {
    about:
      "The next block to mine on (BIP 22, 23 and 145); with longpollid once it is another; in mode " +
      '"proposal" what would be wrong with a block but for its proof of work.',
    category: "Mining",
    parameters: { template_request: object(requestSketch) },
    answer: async ({ template_request: request }, node, gone) => {
      const mode = modeOf(request);
      if (mode === "proposal") return judgeProposal(request, node);
      if (mode !== "template") throw new RpcError(rpcCodes.parameter, "Invalid mode");
      await pollFor(request.get("longpollid"), node, gone);
      if (!textsIn(request.get("rules")).includes("segwit")) {
        throw new RpcError(
          rpcCodes.parameter,
          'getblocktemplate must be called with the segwit rule set (call with {"rules": ["segwit"]})',
        );
      }
      return template(textsIn(request.get("capabilities")), node);
    },
  }),
  method("getmininginfo", {
    about: "How the chain, the mempool and the last template stand.",
    category: "Mining",
    parameters: {},
    answer: (_values, node) => {
      const { chain, mempool, params } = node.served.node;
      const last = node.queries.nextBlocks.last;
      const weight = last?.entries.reduce((sum, each) => sum + each.weight, coinbaseWeightMax);
      return {
        blocks: chain.tip.height,
        currentblockweight: weight,
        currentblocktx: last?.entries.length,
        difficulty: difficultyOf(chain.tip.header.bits),
        networkhashps: hashesPerSecond(chain, 120, -1),
        pooledtx: mempool.count,
        chain: params.name,
        warnings: [],
      };
    },
  }),
  method("getnetworkhashps", {
    about: "The hashes a second that the work and the times of the last blocks show.",
    category: "Mining",
    parameters: { nblocks: optional(integer, 120), height: optional(integer, -1) },
    answer: ({ nblocks, height }, { served }) =>
      hashesPerSecond(served.node.chain, nblocks, height),
  }),
];

function modeOf(request: JsonObject): string {
  const mode = request.get("mode") ?? null;
  if (mode === null) return "template";
  if (typeof mode === "string") return mode;
  throw new RpcError(rpcCodes.parameter, "Invalid mode");
}

function textsIn(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function template(capabilities: readonly Json[], { queries, served }: RpcNode): Members {
  const next = queries.nextBlocks.current();
  return templateJson(next, {
    params: served.node.params,
    now: served.runner.clock.read().wall,
    withCoinbase: next.payTo !== undefined && capabilities.includes("coinbasetxn"),
  });
}

const hashDigits = 64;

/** Waits until what a miner has seen is out of date. @see BIP22, "Optional: Long Polling" */
async function pollFor(
  seen: Json | undefined,
  { queries, served }: RpcNode,
  gone: AbortSignal,
): Promise<void> {
  if (seen === undefined || seen === null) return;
  const { chain, mempool } = served.node;
  // A miner that has no idea of its state waits for the next one.
  const state =
    typeof seen === "string"
      ? {
          tip: hashFrom<BlockHash>(seen.slice(0, hashDigits), "longpollid"),
          revision: Number(seen.slice(hashDigits)),
        }
      : { tip: chain.tip.hash, revision: mempool.revision };
  await queries.nextBlocks.change(state, gone);
}

/** Nothing is stored. @see BIP23, "Block Proposal" */
function judgeProposal(request: JsonObject, { served }: RpcNode): string | null {
  const data = request.get("data");
  if (typeof data !== "string") {
    throw new RpcError(rpcCodes.type, "Missing data String key for proposal");
  }
  const block = blockFrom(data);
  const known = knownStatus(block, served);
  if (known !== undefined) return known;
  const { chain } = served.node;
  if (block.header.previous !== chain.tip.hash) return "inconclusive-not-best-prevblk";
  const problem = chain.findTemplateProblem(block, served.runner.clock.read().wall);
  return problem ? blockReason(problem) : null;
}

/** Bitcoin's, also where a network has another rule for its targets. */
const retargetBlocks = 2016;

/** @see Bitcoin Core, GetNetworkHashPS */
function hashesPerSecond(chain: Chain, count: number, height: number): number {
  if (count < -1 || count === 0) {
    const problem = "Invalid nblocks. Must be a positive number or -1.";
    throw new RpcError(rpcCodes.parameter, problem);
  }
  if (height < -1 || height > chain.tip.height) {
    throw new RpcError(rpcCodes.parameter, "Block does not exist at specified height");
  }
  const last = height < 0 ? chain.tip : (chain.entryAt(height) as TreeEntry);
  if (last.height === 0) return 0;
  const wanted = count === -1 ? (last.height % retargetBlocks) + 1 : count;
  const first = chain.entryAt(Math.max(0, last.height - wanted)) as TreeEntry;
  let [timeMin, timeMax] = [last.header.time, last.header.time];
  for (let at = first.height; at < last.height; at++) {
    const { time } = (chain.entryAt(at) as TreeEntry).header;
    timeMin = Math.min(timeMin, time);
    timeMax = Math.max(timeMax, time);
  }
  return timeMin === timeMax ? 0 : Number(last.work - first.work) / (timeMax - timeMin);
}
