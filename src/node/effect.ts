/** The effects of a node: what its host must carry out. */

import type { HeadersProblem } from "../chain/headers.ts";
import type { BlockProblem } from "../consensus/problem.ts";
import type { HostEffect } from "../machine/machine.ts";
import type { Admission, PackageAdmission } from "../mempool/mempool.ts";
import type { MempoolProblem } from "../mempool/problem.ts";
import type { BlockTemplate } from "../mempool/template.ts";
import type { Gossip, RequestId, Response } from "../peers/message.ts";
import type { PeerAction } from "../peers/peers.ts";
import type { BlockHash, PeerId } from "../primitives/brand.ts";
import type { Verdict } from "../primitives/verdict.ts";
import type { CommandId } from "./event.ts";
import type { News } from "./news.ts";

/**
 * Carried out strictly in order: what stands after a `persist` waits until that batch is on disk,
 * so that no peer learns of a block that we could lose.
 */
export type Effect =
  | HostEffect
  /** Asks a peer, or ends its connection: behind everything that the event changed. */
  | PeerAction
  /** Answers the request of the same id from the same peer, at once: it needs nothing persisted. */
  | {
      readonly type: "respond";
      readonly to: PeerId;
      readonly id: RequestId;
      readonly response: Response;
    }
  /** To all peers; a block of our own is persisted before. */
  | { readonly type: "gossip"; readonly message: Gossip }
  /** Whether the gossip of this event goes on to others; exactly one, behind what it persisted. */
  | { readonly type: "judge-gossip"; readonly verdict: GossipVerdict }
  /** Replaces what the miners search, on top of the persisted tip; undefined stops them. */
  | { readonly type: "mine"; readonly template: BlockTemplate | undefined }
  | { readonly type: "answer"; readonly id: CommandId; readonly answer: Answer }
  | { readonly type: "news"; readonly news: News };

/** `ignore` does not pass it on; `reject` also penalises the peer that relayed it. */
export type GossipVerdict = "accept" | "ignore" | "reject";

/** The result of a command; an accepted block is persisted before the answer that says so. */
export type Answer =
  | { readonly type: "transaction"; readonly verdict: Verdict<Admission, MempoolProblem> }
  | { readonly type: "package"; readonly result: PackageAdmission }
  | { readonly type: "header"; readonly problem: HeadersProblem | undefined }
  | { readonly type: "block"; readonly result: BlockResult }
  /** What a command about the validity or the order of blocks did to the tip. */
  | { readonly type: "reselection"; readonly outcome: ReselectionOutcome }
  /** How many transactions wait again. */
  | { readonly type: "restored"; readonly count: number }
  | { readonly type: "mining"; readonly payTo: Uint8Array | undefined };

/** A block that is not known cannot be marked. */
export type ReselectionOutcome =
  { readonly status: "moved" | "stays"; readonly tip: BlockHash } | { readonly status: "unknown" };

/** An `orphan` was not kept: submit it again once its parent is here. */
export type BlockResult =
  | { readonly status: "tip" | "side" | "known" | "orphan"; readonly hash: BlockHash }
  | { readonly status: "rejected"; readonly hash: BlockHash; readonly problem: BlockProblem };
