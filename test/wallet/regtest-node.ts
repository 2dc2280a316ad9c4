/** A real node on regtest with its REST interface, whose blocks are mined when a test says so. */

import { weightMax } from "../../src/consensus/limits.ts";
import { regtest } from "../../src/consensus/params.ts";
import { startFullNode } from "../../src/io/full-node.ts";
import { nodeRoutes } from "../../src/io/http/api/node-routes.ts";
import { createApp } from "../../src/io/http/app.ts";
import { serve } from "../../src/io/http/server.ts";
import { makeTemplate, selectTransactions } from "../../src/mempool/template.ts";
import type { Block } from "../../src/primitives/block.ts";
import type { Milliseconds } from "../../src/primitives/brand.ts";
import { blockHash } from "../../src/primitives/header.ts";
import { temporaryFolder } from "../temporary-folder.ts";

export type RegtestNode = {
  readonly api: string;
  readonly folder: string;
  /** Mines what waits, and pays this script. */
  mine(count: number, payTo: Uint8Array): Promise<void>;
  stop(): Promise<void>;
};

export async function startRegtestNode(): Promise<RegtestNode> {
  const folder = temporaryFolder();
  const listen = ["/ip4/127.0.0.1/tcp/0"];
  const options = { params: regtest, folder, name: "test", listen, connect: [], threads: 1 };
  const full = await startFullNode(options);
  const app = createApp({ routes: { "/api": nodeRoutes(full) } });
  const server = await serve(app, { port: 0 });

  async function mineOne(payTo: Uint8Array): Promise<void> {
    const { chain, mempool } = full.node;
    const { block, target } = makeTemplate({
      ...selectTransactions(mempool, full.node.nextBlockView(), weightMax),
      params: regtest,
      parent: chain.tip,
      payTo,
      now: Date.now() as Milliseconds,
      extraNonce: 0,
    });
    const { header } = chain.tip;
    await full.runner.command({ type: "submit-block", block: solved(block, target) });
    if (chain.tip.header === header) throw new Error("the block did not become the tip");
  }

  return {
    api: `${server.url}/api`,
    folder,
    async mine(count, payTo) {
      for (let i = 0; i < count; i++) await mineOne(payTo);
    },
    async stop() {
      await server.close();
      await full.stop();
    },
  };
}

function solved(block: Block, target: bigint): Block {
  for (let nonce = 0; ; nonce++) {
    const header = { ...block.header, nonce };
    if (BigInt(`0x${blockHash(header)}`) <= target) return { ...block, header };
  }
}
