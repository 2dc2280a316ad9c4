/** The lines of a timeline: the events of a lab. */

import type { AttackVerdict } from "../attacks/catalogue.ts";
import type {
  BlockHash,
  CompactTarget,
  Milliseconds,
  PeerId,
  Satoshi,
  Txid,
} from "../primitives/brand.ts";
import type { AttackStep } from "./attacks.ts";
import type { LinkChange } from "./lab.ts";
import type { ForcedRestJson } from "./mining.ts";
import type { Groups, Link, Participant, Shares } from "./network.ts";
import type { EventJson } from "./node-api.ts";

export type NodeCard = Participant & {
  /** Where its REST API is. */
  readonly url: string;
  readonly peerId: PeerId;
  /** Multiaddrs. */
  readonly listen: readonly string[];
  readonly address: string;
  /** They restore the wallet of that address. They are no secret: they follow from the seed. */
  readonly words: string;
};

/** What a node measured of itself. */
export type Measurement = {
  readonly hashesPerSecond: number;
  /** Since it started. */
  readonly hashes: number;
  readonly mempool: {
    readonly count: number;
    readonly virtualSizeBytes: number;
    readonly fees: Satoshi;
    /** Fee rates, the highest first, each with the virtual bytes that pay at least this. */
    readonly histogram: readonly (readonly [feeRate: number, virtualSizeBytes: number])[];
  };
  /** What it would mine now, without the coinbase; null if it does not mine. */
  readonly nextBlock: { readonly transactions: number; readonly fees: Satoshi } | null;
  readonly peers: readonly string[];
};

export type Summary = {
  readonly type: "summary";
  readonly height: number;
  /** True if all honest nodes have one tip. */
  readonly agreement: boolean;
  readonly nodes: number;
  /** Found since the lab opened, on all branches. */
  readonly blocks: number;
  readonly forks: number;
  readonly reorgs: number;
  /** Payments on the branch of the tip, without what funded the lab. */
  readonly transactionsConfirmed: number;
  readonly durationSeconds: number;
  readonly data: string;
  readonly timeline: string;
};

/** One block of a fork, and the nodes on whose branch it is. */
export type Branch = {
  readonly hash: BlockHash;
  readonly miner: string | null;
  readonly nodes: readonly string[];
};

export type LabFacts =
  /** The first line, before any node is up. */
  | {
      readonly type: "opening";
      readonly version: string;
      readonly network: string;
      readonly seed: string;
      readonly url: string;
      /** Of all miners together, per second. */
      readonly hashrate: number;
      /** The delay of every link, each way. */
      readonly latencyMs: number;
      /** The interval that the difficulty aims at. */
      readonly blockIntervalSeconds: number;
      readonly nodes: readonly Participant[];
    }
  /** A node runs and has its first blocks; also after a crash. */
  | {
      readonly type: "node-up";
      readonly node: string;
      readonly peerId: PeerId;
      readonly height: number;
      readonly tip: BlockHash;
      /** From genesis to its tip: 64 hex digits. */
      readonly work: string;
    }
  /** It was crashed on purpose; of one that fails by itself there is `node-failed`. */
  | { readonly type: "node-down"; readonly node: string }
  /** All nodes are up and linked, and mining begins. */
  | {
      readonly type: "started";
      readonly version: string;
      readonly network: string;
      readonly seed: string;
      readonly url: string;
      readonly hashrate: number;
      readonly shares: Shares;
      readonly nodes: readonly NodeCard[];
      readonly links: readonly Link[];
      readonly height: number;
      readonly data: string;
      readonly timeline: string;
    }
  /** One node's own view; only in the timeline, because there is much of it. */
  | { readonly type: "news"; readonly node: string; readonly news: EventJson }
  /** Every two seconds, by the names of the nodes that are up; only in the timeline, too. */
  | { readonly type: "measured"; readonly nodes: Readonly<Record<string, Measurement>> }
  | {
      readonly type: "block";
      readonly hash: BlockHash;
      readonly height: number;
      readonly previous: BlockHash;
      readonly bits: CompactTarget;
      /** Null until its miner has reported it. */
      readonly miner: string | null;
      /** Without the coinbase. */
      readonly transactions: number;
      /** Only its miner knows it. */
      readonly isSecret: boolean;
      /** Honest nodes whose tip it is, and all honest nodes, when this was written. */
      readonly agree: number;
      readonly honest: number;
    }
  | { readonly type: "fork"; readonly height: number; readonly branches: readonly Branch[] }
  | {
      readonly type: "reorganised";
      readonly tip: BlockHash;
      readonly height: number;
      readonly forkHeight: number;
      readonly depth: number;
      /** Transactions that are back in the mempool. */
      readonly returned: number;
      /** The nodes that reorganised. */
      readonly nodes: readonly string[];
    }
  | {
      readonly type: "payment";
      readonly txid: Txid;
      readonly from: string;
      readonly to: string;
      readonly value: number;
      readonly fee: number;
      readonly via: string;
    }
  | {
      readonly type: "payment-failed";
      readonly from: string;
      readonly to: string;
      readonly reason: string;
    }
  | { readonly type: "partitioned"; readonly groups: Groups }
  | { readonly type: "healed" }
  /** One link was cut, slowed or mended; `delayMs` is its delay each way. */
  | ({ readonly type: "link" } & LinkChange)
  /** The first of the miners rests though it should mine; others may follow. */
  | ({ readonly type: "miners-rest"; readonly node: string } & ForcedRestJson)
  /** The last of those that rested does so no longer. */
  | { readonly type: "miners-resume"; readonly node: string }
  | { readonly type: "shares"; readonly shares: Shares }
  | { readonly type: "attack"; readonly step: AttackStep }
  | AttackVerdict
  | { readonly type: "node-failed"; readonly node: string; readonly reason: string }
  | Summary;

export type LabEvent = LabFacts & { readonly at: Milliseconds };

/** An event with its place in the timeline: the number of its line, from 1. */
export type NumberedEvent = { readonly id: number; readonly event: LabEvent };
