/** What happened, for people who watch: logs, event streams and timelines are made of it. */

import type { BlockHash, PeerId, Satoshi, Txid } from "../primitives/brand.ts";
import type { Block } from "../primitives/block.ts";
import type { BlockProblem } from "../consensus/problem.ts";

/** Where a block came from. */
export type BlockOrigin = "mined" | "gossiped" | "synced" | "submitted";

export type News =
  /** A block was accepted, on any branch. */
  | {
      readonly type: "block-accepted";
      readonly hash: BlockHash;
      readonly height: number;
      readonly block: Block;
      readonly origin: BlockOrigin;
      readonly isTip: boolean;
    }
  | {
      readonly type: "block-rejected";
      readonly hash: BlockHash;
      readonly origin: BlockOrigin;
      readonly problem: BlockProblem;
      readonly from: PeerId | undefined;
    }
  /** The tip moved on, without leaving a block behind. */
  | { readonly type: "tip-extended"; readonly tip: BlockHash; readonly height: number }
  /** The tip moved to another branch. */
  | {
      readonly type: "reorganised";
      readonly tip: BlockHash;
      readonly height: number;
      readonly fork: BlockHash;
      readonly forkHeight: number;
      /** Hashes of the blocks left behind, the old tip first. */
      readonly back: readonly BlockHash[];
      /** Hashes of the blocks connected instead, the new tip last. */
      readonly forth: readonly BlockHash[];
      /** Transactions that wait again. */
      readonly readmitted: readonly Txid[];
    }
  | {
      readonly type: "transaction-admitted";
      readonly txid: Txid;
      readonly fee: Satoshi;
      readonly virtualSizeBytes: number;
    }
  | {
      readonly type: "transaction-removed";
      readonly txid: Txid;
      readonly reason: "replaced" | "conflicted" | "evicted" | "expired" | "invalid";
      /** The transaction that took its place. */
      readonly by: Txid | undefined;
    }
  | { readonly type: "peer-ready"; readonly peer: PeerId; readonly height: number }
  | { readonly type: "peer-left"; readonly peer: PeerId }
  | { readonly type: "peer-banned"; readonly peer: PeerId; readonly reason: string };
