/** A node as far as it is known. */

import type { Role } from "../../contract/network.ts";
import type { Measurement } from "../../contract/timeline.ts";
import type { BlockHash, PeerId, Txid } from "../../primitives/brand.ts";

export type StoryNode = {
  readonly name: string;
  readonly role: Role;
  readonly state: "starting" | "up" | "down" | "failed";
  /** Null until it is known. */
  readonly peerId: PeerId | null;
  /** Of its REST API; null until it is known. */
  readonly url: string | null;
  /** Multiaddrs; empty until they are known. */
  readonly listen: readonly string[];
  readonly address: string | null;
  readonly tip: BlockHash | null;
  readonly height: number;
  /** Names; peer ids of nodes outside of the lab. */
  readonly peers: ReadonlySet<string>;
  /** Its mempool, as far as it was reported. */
  readonly waiting: ReadonlySet<Txid>;
  readonly measurement: Measurement | null;
};

/** A node that the story changes in place. */
export type ChangingNode = { -readonly [Key in keyof StoryNode]: StoryNode[Key] } & {
  readonly peers: Set<string>;
  readonly waiting: Set<Txid>;
};

export function newNode(name: string, role: Role): ChangingNode {
  return {
    name,
    role,
    state: "starting",
    peerId: null,
    url: null,
    listen: [],
    address: null,
    tip: null,
    height: 0,
    peers: new Set(),
    waiting: new Set(),
    measurement: null,
  };
}

export function copyOfNode(node: ChangingNode): ChangingNode {
  return { ...node, peers: new Set(node.peers), waiting: new Set(node.waiting) };
}

/** Of one node; the oldest are dropped first. */
const waitingMax = 20_000;

/** Adds a transaction to the node's mempool, as far as the story keeps it. */
export function addWaiting({ waiting }: ChangingNode, txid: Txid): void {
  waiting.add(txid);
  if (waiting.size <= waitingMax) return;
  const [oldest] = waiting;
  if (oldest !== undefined) waiting.delete(oldest);
}
