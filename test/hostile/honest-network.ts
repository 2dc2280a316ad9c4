/** Honest nodes on loopback, and what they tell of their peers. */

import { join } from "node:path";
import { vi } from "vitest";
import type { Params } from "../../src/consensus/params.ts";
import { type FullNode, startFullNode } from "../../src/io/full-node.ts";
import type { News } from "../../src/node/news.ts";
import type { PeerId } from "../../src/primitives/brand.ts";
import type { Forest } from "../chain/forest.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** Long enough for the busiest machine; what is awaited mostly happens at once. */
const waitMaxMs = 60_000;

export async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(check, { timeout: waitMaxMs, interval: 20 });
}

export class HonestNode {
  readonly full: FullNode;
  readonly news: News[] = [];

  constructor(full: FullNode) {
    this.full = full;
    full.runner.onNews((news) => void this.news.push(news));
  }

  static async start(params: Params, name: string): Promise<HonestNode> {
    const folder = join(temporaryFolder("powlab-hostile"), name);
    const listen = ["/ip4/127.0.0.1/tcp/0"];
    const options = { params, folder, name, listen, connect: [], exchangeAddresses: false };
    return new HonestNode(await startFullNode(options));
  }

  get address(): string {
    const [address] = this.full.network.addresses();
    if (address === undefined) throw new Error("it listens nowhere");
    return address;
  }

  get id(): PeerId {
    return this.full.network.peerId;
  }

  get height(): number {
    return this.full.node.chain.tip.height;
  }

  /** Peers that have sent their status. */
  get peers(): PeerId[] {
    const { peers } = this.full.node;
    return peers.list(0 as never).flatMap(({ peer, isReady }) => (isReady ? [peer] : []));
  }

  /** Those whose connection it has ended for good, and those that have left. */
  lost(): PeerId[] {
    return this.news.flatMap((news) => {
      return news.type === "peer-banned" || news.type === "peer-left" ? [news.peer] : [];
    });
  }

  hasRejected(forest: Forest, block: string): boolean {
    const hash = forest.hash(block);
    return this.news.some((news) => news.type === "block-rejected" && news.hash === hash);
  }

  async submits(forest: Forest, ...blocks: readonly string[]): Promise<void> {
    for (const block of forest.blocks(...blocks)) {
      await this.full.runner.command({ type: "submit-block", block });
    }
  }
}

/** Every node linked with every other one; all have these blocks. */
export async function honestNetwork(
  forest: Forest,
  names: readonly string[],
  blocks: readonly string[],
): Promise<HonestNode[]> {
  const nodes: HonestNode[] = [];
  for (const name of names) {
    const node = await HonestNode.start(forest.params, name);
    await node.submits(forest, ...blocks);
    for (const other of nodes) await node.full.network.dial(other.address);
    nodes.push(node);
  }
  await eventually(() => nodes.every(({ peers }) => peers.length === names.length - 1));
  return nodes;
}
