/** A node as its APIs see it, REST and others: all of a full node but its start and stop. */

import type { Answer } from "../../node/effect.ts";
import type { Command } from "../../node/event.ts";
import type { News } from "../../node/news.ts";
import type { Node } from "../../node/node.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import type { LevelStore } from "../disk/level-store.ts";
import type { GossipCounts } from "../gossip-counts.ts";
import type { KeptMempool } from "../kept-mempool.ts";
import type { MinerPool } from "../mining/miner-pool.ts";
import type { Network } from "../p2p/network.ts";
import type { SettableClock } from "../platform/settable-clock.ts";

export type ServedNode = {
  /** Also its name among the miners of the pool. */
  readonly name: string;
  readonly node: Node;
  readonly runner: {
    command(command: Command): Promise<Answer>;
    /** Answers a function that ends the subscription. */
    onNews(listener: (news: News, at: Milliseconds) => void): () => void;
    /** The time by which the node acts. */
    readonly clock: SettableClock;
    readonly gossipCounts: GossipCounts;
  };
  /** What waits, on the disk. */
  readonly waiting: Pick<KeptMempool, "path" | "isRestored" | "write">;
  readonly network: Pick<
    Network,
    "peerId" | "addresses" | "peers" | "dial" | "disconnect" | "gate"
  >;
  readonly store: Pick<LevelStore, "get" | "scan" | "waitingCount">;
  readonly pool: Pick<MinerPool, "statistics" | "setHashrate" | "hasher" | "threads"> | undefined;
  /** Where its data are. */
  readonly folder: string;
  /** The token that requests need to change this node; also in the file `token` of the folder. */
  readonly token: string;
  /** `user:password` of this run, also in the file `.cookie` of the folder. */
  readonly cookie: string;
  readonly startedAt: Milliseconds;
};
