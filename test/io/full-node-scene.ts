/** A full node on regtest, and what a test does with it. */

import { join } from "node:path";
import type { TreeEntry } from "../../src/chain/tree.ts";
import { checkProofOfWork } from "../../src/consensus/header.ts";
import { regtest } from "../../src/consensus/params.ts";
import { type FullNode, startFullNode } from "../../src/io/full-node.ts";
import { makeTemplate } from "../../src/mempool/template.ts";
import { encodeWitnessAddress } from "../../src/primitives/address.ts";
import { type Block, hashOfBlock } from "../../src/primitives/block.ts";
import type { Milliseconds, Satoshi } from "../../src/primitives/brand.ts";
import { taprootKey } from "../../src/primitives/script.ts";
import type { Transaction } from "../../src/primitives/transaction.ts";
import { keyOf, type Spendable, spendable } from "../builders.ts";
import { temporaryFolder } from "../temporary-folder.ts";

export const miner = keyOf("miner");
export const shop = keyOf("shop");

export type StartedNode = {
  readonly full: FullNode;
};

export async function startNode(threads: number): Promise<StartedNode> {
  const full = await startFullNode({
    params: regtest,
    folder: join(temporaryFolder("powlab-node"), "node"),
    name: "tested",
    listen: ["/ip4/127.0.0.1/tcp/0"],
    connect: [],
    threads,
  });
  return { full };
}

export class FullNodeScene {
  readonly full: FullNode;
  #blocks = 0;

  static async start(threads = 0): Promise<FullNodeScene> {
    return new FullNodeScene(await startNode(threads));
  }

  constructor({ full }: StartedNode) {
    this.full = full;
  }

  async stop(): Promise<void> {
    await this.full.stop();
  }

  get tip(): TreeEntry {
    return this.full.node.chain.tip;
  }

  /** Mines a block on any parent, with its coinbase for the miner, and gives it to the node. */
  async mine(transactions: readonly Transaction[] = [], parent = this.tip): Promise<Block> {
    const block = this.solve(transactions, parent);
    const answer = await this.full.runner.command({ type: "submit-block", block });
    if (answer.type !== "block" || answer.result.status === "rejected") {
      throw new Error(`not accepted: ${JSON.stringify(answer)}`);
    }
    return block;
  }

  /** The same, without giving it to anybody. */
  solve(transactions: readonly Transaction[] = [], parent = this.tip): Block {
    const { block } = makeTemplate({
      params: regtest,
      parent,
      payTo: miner.script,
      transactions,
      fees: 0 as Satoshi,
      now: Date.now() as Milliseconds,
      extraNonce: this.#blocks++,
    });
    for (let nonce = 0; ; nonce++) {
      const header = { ...block.header, nonce };
      if (checkProofOfWork(header, regtest).ok) return { ...block, header };
    }
  }

  /** Mines so many blocks, and a hundred more that make their coins old enough to spend. */
  async fund(count: number): Promise<Spendable[]> {
    const blocks: Block[] = [];
    for (let i = 0; i < count + 100; i++) blocks.push(await this.mine());
    return blocks.slice(0, count).map((block) => spendable(block.transactions[0]!, 0, miner));
  }

  entryOf(block: Block): TreeEntry {
    return this.full.node.chain.tree.get(hashOfBlock(block))!;
  }
}

export function addressOf(script: Uint8Array, prefix = "bcrt"): string {
  return encodeWitnessAddress({ prefix, version: 1, program: taprootKey(script)! });
}
