/** What one node knows, as the events of a timeline. */

import type { MiningJson } from "../../contract/mining.ts";
import type { Role } from "../../contract/network.ts";
import type {
  BlockJson,
  EventJson,
  MempoolJson,
  NodeJson,
  PeerJson,
} from "../../contract/node-api.ts";
import type { LabEvent } from "../../contract/timeline.ts";
import type { BlockHash, Milliseconds } from "../../primitives/brand.ts";

export type NodeFacts = {
  readonly node: NodeJson;
  readonly peers: readonly PeerJson[];
  readonly mining: MiningJson;
  /** Of the active branch, the oldest first. */
  readonly blocks: readonly BlockJson[];
};

/** Blocks whose branches are watched for forks. */
const siblingsMax = 1_000;
const blockIntervalSeconds: Readonly<Record<string, number>> = { lab: 2 };
const bitcoinsIntervalSeconds = 600;
/** Longer times between two blocks are cut to this: genesis may be years old. */
const pauseMaxMs = 60_000;
/** The parent in the header of genesis. */
const noBlock = "0".repeat(64) as BlockHash;

export class NodeTimeline {
  readonly name: string;
  readonly #facts: NodeFacts;
  /** The children of each block, as far as they were reported. */
  readonly #children = new Map<BlockHash, BlockHash[]>();

  constructor(facts: NodeFacts) {
    this.#facts = facts;
    this.name = facts.node.name;
  }

  /** All that the node knew when it was asked. */
  opening(now: Milliseconds): readonly LabEvent[] {
    const { node, peers, mining } = this.#facts;
    const { name, version, network, height, tip, work, peer_id: peerId } = node;
    const role: Role = mining.address === null ? "observer" : "miner";
    const lab = { version, network, seed: "", url: "/", hashrate: mining.hashrate ?? 0 };
    const speed = {
      latencyMs: 0,
      blockIntervalSeconds: blockIntervalSeconds[network] ?? bitcoinsIntervalSeconds,
    };
    const address = mining.address ?? "";
    const card = { name, role, url: "/api", peerId, listen: node.addresses, address, words: "" };
    const blocks = this.#blocks(now);
    const at = blocks[0]?.at ?? now;
    return [
      { at, type: "opening", ...lab, ...speed, nodes: [{ name, role }] },
      ...blocks,
      { at: now, type: "node-up", node: name, peerId, height, tip, work },
      {
        at: now,
        type: "started",
        ...lab,
        shares: {},
        nodes: [card],
        links: [],
        height,
        data: "",
        timeline: "",
      },
      ...peers
        .filter((peer) => peer.ready)
        .map(({ peer, height }) =>
          this.#news({ id: 0, at: now, type: "peer-ready", peer, height }),
        ),
    ];
  }

  /** The node's event, and those that a lab would derive from it. */
  eventsOf(news: EventJson): readonly LabEvent[] {
    const events: LabEvent[] = [this.#news(news)];
    if (news.type === "block-accepted") {
      const { hash, previous, height, at } = news;
      const siblings = this.#noteChild(previous, hash);
      if (siblings.length > 1) {
        const branches = siblings.map((sibling) => ({ hash: sibling, miner: null, nodes: [] }));
        events.push({ at, type: "fork", height, branches });
      }
    }
    if (news.type === "reorganised") {
      const { at, tip, height, fork_height: forkHeight, depth, readmitted } = news;
      const facts = { tip, height, forkHeight, depth, returned: readmitted.length };
      events.push({ at, type: "reorganised", ...facts, nodes: [this.name] });
    }
    if (news.type === "miners-rest" || news.type === "miners-resume") {
      events.push({ ...news, node: this.name });
    }
    return events;
  }

  measured(
    mempool: MempoolJson,
    mining: MiningJson,
    peers: readonly PeerJson[],
    at: Milliseconds,
  ): LabEvent {
    const measurement = {
      hashesPerSecond: mining.hashes_per_second,
      hashes: mining.hashes,
      mempool: {
        count: mempool.count,
        virtualSizeBytes: mempool.vsize,
        fees: mempool.total_fee,
        histogram: mempool.fee_histogram,
      },
      nextBlock: null,
      peers: peers.map(({ peer }) => peer),
    };
    return { at, type: "measured", nodes: { [this.name]: measurement } };
  }

  /** As if the node had accepted them one after another, up to now. */
  #blocks(now: Milliseconds): readonly LabEvent[] {
    const { blocks, node } = this.#facts;
    let work = BigInt(`0x${node.work}`);
    const events: LabEvent[] = [];
    let [at, laterMs] = [now, Number(now)];
    for (const block of [...blocks].reverse()) {
      const { id: hash, previousblockhash: previous, timestamp: time } = block;
      const { height, bits, tx_count, size } = block;
      const pauseMs = Math.max(0, laterMs - time * 1_000);
      at = (at - Math.min(pauseMs, pauseMaxMs)) as Milliseconds;
      laterMs = time * 1_000;
      if (previous !== null) this.#noteChild(previous, hash);
      const facts = { hash, height, previous: previous ?? noBlock, time, bits, tx_count, size };
      const origin = { origin: "synced", is_tip: true, txids: [], from: null } as const;
      const hex = work.toString(16).padStart(64, "0");
      events.push(
        this.#news({ id: 0, at, type: "block-accepted", ...facts, ...origin, work: hex }),
      );
      work -= workOf(bits);
    }
    return events.reverse();
  }

  #noteChild(previous: BlockHash, hash: BlockHash): readonly BlockHash[] {
    const siblings = this.#children.get(previous) ?? [];
    if (siblings.includes(hash)) return [];
    siblings.push(hash);
    this.#children.set(previous, siblings);
    if (this.#children.size > siblingsMax) {
      const [oldest] = this.#children.keys();
      if (oldest !== undefined) this.#children.delete(oldest);
    }
    return siblings;
  }

  #news(news: EventJson): LabEvent {
    return { at: news.at, type: "news", node: this.name, news };
  }
}

/**
 * Expected hashes of a block.
 *
 * @see Bitcoin Core, GetBlockProof
 */
function workOf(bits: number): bigint {
  const target = BigInt(bits & 0x7fffff) * 256n ** BigInt((bits >>> 24) - 3);
  return 2n ** 256n / (target + 1n);
}
