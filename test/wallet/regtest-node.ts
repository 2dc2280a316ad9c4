/** A real node on regtest with its REST interface, whose blocks are mined when a test says so. */

import type { TreeEntry } from "../../src/chain/tree.ts";
import { ancestorAt } from "../../src/consensus/ancestor.ts";
import { weightMax } from "../../src/consensus/limits.ts";
import { regtest } from "../../src/consensus/params.ts";
import { startFullNode } from "../../src/io/full-node.ts";
import { nodeRoutes } from "../../src/io/http/api/node-routes.ts";
import { createApp } from "../../src/io/http/app.ts";
import { serve } from "../../src/io/http/server.ts";
import {
  makeTemplate,
  selectTransactions,
  type TemplateOptions,
} from "../../src/mempool/template.ts";
import { type Block, hashOfBlock } from "../../src/primitives/block.ts";
import type { Milliseconds, Satoshi } from "../../src/primitives/brand.ts";
import { blockHash } from "../../src/primitives/header.ts";
import type { Transaction } from "../../src/primitives/transaction.ts";
import { temporaryFolder } from "../temporary-folder.ts";

type BlockFacts = Omit<TemplateOptions, "params" | "now" | "extraNonce">;

export type RegtestNode = {
  readonly api: string;
  readonly folder: string;
  /** Of its tip. */
  readonly height: number;
  /** Mines what waits, and pays this script. */
  mine(count: number, payTo: Uint8Array): Promise<void>;
  /** Leaves so many blocks behind, for one more with these transactions in the first of them. */
  reorganise(back: number, payTo: Uint8Array, transactions?: readonly Transaction[]): Promise<void>;
  /** Stops and starts it on the same folder, so that it forgets what is not on disk. */
  restart(): Promise<RegtestNode>;
  stop(): Promise<void>;
};

export async function startRegtestNode(folder = temporaryFolder()): Promise<RegtestNode> {
  const listen = ["/ip4/127.0.0.1/tcp/0"];
  const options = { params: regtest, folder, name: "test", listen, connect: [], threads: 1 };
  const full = await startFullNode(options);
  const app = createApp({ routes: { "/api": nodeRoutes(full) } });
  const server = await serve(app, { port: 0 });
  let blocks = 0;

  async function submit(facts: BlockFacts): Promise<TreeEntry> {
    const { block, target } = makeTemplate({
      params: regtest,
      now: Date.now() as Milliseconds,
      extraNonce: blocks++,
      ...facts,
    });
    const solvedBlock = solved(block, target);
    await full.runner.command({ type: "submit-block", block: solvedBlock });
    const entry = full.node.chain.tree.get(hashOfBlock(solvedBlock));
    if (entry === undefined) throw new Error("the block was not accepted");
    return entry;
  }

  async function mineOne(payTo: Uint8Array): Promise<void> {
    const { chain, mempool } = full.node;
    const chosen = selectTransactions(mempool, full.node.nextBlockView(), weightMax);
    const entry = await submit({ ...chosen, parent: chain.tip, payTo });
    if (chain.tip !== entry) throw new Error("the block did not become the tip");
  }

  async function stop(): Promise<void> {
    await server.close();
    await full.stop();
  }

  return {
    api: `${server.url}/api`,
    folder,
    get height() {
      return full.node.chain.tip.height;
    },
    async mine(count, payTo) {
      for (let i = 0; i < count; i++) await mineOne(payTo);
    },
    async reorganise(back, payTo, transactions = []) {
      const { chain } = full.node;
      let parent = ancestorAt(chain.tip, chain.tip.height - back) as TreeEntry;
      for (let i = 0; i <= back; i++) {
        const included = i === 0 ? transactions : [];
        parent = await submit({ transactions: included, fees: 0 as Satoshi, parent, payTo });
      }
      if (chain.tip !== parent) throw new Error("the tip did not move to the new branch");
    },
    async restart() {
      await stop();
      return startRegtestNode(folder);
    },
    stop,
  };
}

function solved(block: Block, target: bigint): Block {
  for (let nonce = 0; ; nonce++) {
    const header = { ...block.header, nonce };
    if (BigInt(`0x${blockHash(header)}`) <= target) return { ...block, header };
  }
}
