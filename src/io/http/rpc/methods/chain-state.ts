/** Methods about the chain as a whole. */

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Chain } from "../../../../chain/chain.ts";
import type { TreeEntry } from "../../../../chain/tree.ts";
import { branchTips } from "../../../../indexes/tips.ts";
import type { BlockHash } from "../../../../primitives/brand.ts";
import { difficultyOf } from "../../../../primitives/target.ts";
import { hex256 } from "../call/figures.ts";
import { JsonNumber, type Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { blockHash, integer, optional } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";
import { entryOf } from "./found.ts";

export const chainStateMethods: readonly Method[] = [
  method("getblockchaininfo", {
    about: "Which chain this is, how far it is, and how much it takes on disk.",
    category: "Blockchain",
    parameters: {},
    answer: (_values, node) => chainInfo(node),
  }),
  method("getdifficulty", {
    about: "How many times harder a block is to find than the easiest of Bitcoin.",
    category: "Blockchain",
    parameters: {},
    answer: (_values, { served }) => difficultyOf(served.node.chain.tip.header.bits),
  }),
  method("getchaintips", {
    about: "Where every branch that is known ends.",
    category: "Blockchain",
    parameters: {},
    answer: (_values, { served }) => {
      return branchTips(served.node.chain).map(({ height, hash, branchLength, status }) => {
        return { height, hash, branchlen: branchLength, status };
      });
    },
  }),
  method("getdeploymentinfo", {
    about: "Which changes of the rules are active at a block: here all are, from the start.",
    category: "Blockchain",
    parameters: { blockhash: optional(blockHash) },
    answer: ({ blockhash }, { served }) => {
      const { chain } = served.node;
      const entry = blockhash === undefined ? chain.tip : entryOf(chain, blockhash);
      return { hash: entry.hash, height: entry.height, deployments };
    },
  }),
  method("getchaintxstats", {
    about: "How many transactions were confirmed up to a block, and in a window before it.",
    category: "Blockchain",
    parameters: { nblocks: optional(integer), blockhash: optional(blockHash) },
    answer: ({ nblocks, blockhash }, node) => transactionStats(node, nblocks, blockhash),
  }),
];

const daySeconds = 86_400;

async function chainInfo({ served }: RpcNode): Promise<Writable> {
  const { chain, params } = served.node;
  const { tip } = chain;
  const best = bestHeader(chain);
  const now = served.runner.clock.read().wall / 1000;
  const isBehind = tip.header.time < now - daySeconds;
  return {
    chain: params.name,
    blocks: tip.height,
    headers: best.height,
    bestblockhash: tip.hash,
    difficulty: difficultyOf(tip.header.bits),
    time: tip.header.time,
    mediantime: tip.medianTime,
    verificationprogress: isBehind ? (tip.height + 1) / (best.height + 1) : 1,
    initialblockdownload: isBehind,
    chainwork: hex256(tip.work),
    size_on_disk: await sizeOf(join(served.folder, "chain")),
    pruned: false,
    warnings: [],
  };
}

/** The header with the most work, whether or not its body is here. */
function bestHeader(chain: Chain): TreeEntry {
  let best = chain.tip;
  for (const leaf of chain.tree.leaves()) if (!leaf.isInvalid && leaf.work > best.work) best = leaf;
  return best;
}

/** Of all files of a folder; a file that goes meanwhile does not count. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map(async (name) => {
      try {
        return (await stat(join(folder, name))).size;
      } catch {
        return 0; // the database has just replaced it
      }
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const buried = (height: number) => ({ type: "buried", active: true, height });
/** The largest number of 64 bits, which no number of ours holds. */
const never = new JsonNumber("9223372036854775807");

/** As Core has them on regtest, where they are active from the start, too. */
const deployments = {
  bip34: buried(1),
  bip66: buried(1),
  bip65: buried(1),
  csv: buried(1),
  segwit: buried(0),
  taproot: {
    type: "bip9",
    height: 0,
    active: true,
    bip9: {
      start_time: -1,
      timeout: never,
      min_activation_height: 0,
      status: "active",
      since: 0,
      status_next: "active",
    },
  },
};

const windowSeconds = 30 * daySeconds;

/** @see Bitcoin Core, getchaintxstats */
function transactionStats(
  { served }: RpcNode,
  count: number | undefined,
  hash: BlockHash | undefined,
): Writable {
  const { chain, params } = served.node;
  const last = hash === undefined ? chain.tip : entryOf(chain, hash);
  if (!chain.isActive(last)) throw new RpcError(rpcCodes.parameter, "Block is not in main chain");
  const blocks =
    count ?? Math.max(0, Math.min(windowSeconds / params.spacingSeconds, last.height - 1));
  if (blocks < 0 || (blocks > 0 && blocks >= last.height)) {
    const message = "Invalid block count: should be between 0 and the block's height - 1";
    throw new RpcError(rpcCodes.parameter, message);
  }
  const first = chain.entryAt(last.height - blocks) ?? last;
  const total = transactionsUpTo(last);
  const facts = {
    time: last.header.time,
    txcount: total,
    window_final_block_hash: last.hash,
    window_final_block_height: last.height,
    window_block_count: blocks,
  };
  if (blocks === 0) return facts;
  const interval = last.medianTime - first.medianTime;
  const inWindow = total - transactionsUpTo(first);
  return {
    ...facts,
    window_interval: interval,
    window_tx_count: inWindow,
    txrate: interval > 0 ? inWindow / interval : undefined,
  };
}

/** From genesis to this block, both counted. */
function transactionsUpTo(entry: TreeEntry): number {
  let count = 0;
  for (let at: TreeEntry | undefined = entry; at; at = at.parent) {
    count += at.measures?.transactionCount ?? 0;
  }
  return count;
}
