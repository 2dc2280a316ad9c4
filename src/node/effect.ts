/** What a node wants done. */

import type { HostEffect } from "../machine/machine.ts";
import type { BlockTemplate } from "../mempool/template.ts";
import type { Admission } from "../mempool/mempool.ts";
import type { MempoolProblem } from "../mempool/problem.ts";
import type { Gossip, Request, RequestId, Response } from "../peers/message.ts";
import type { BlockProblem } from "../consensus/problem.ts";
import type { BlockHash, PeerId } from "../primitives/brand.ts";
import type { Verdict } from "../primitives/verdict.ts";
import type { CommandId } from "./event.ts";
import type { News } from "./news.ts";

/**
 * Carried out strictly in order: what stands after a `persist` waits until that batch is on disk,
 * so that nobody hears of a block that we could forget.
 */
export type Effect =
  | HostEffect
  /** Answers the request of the same id from the same peer. */
  | {
      readonly type: "respond";
      readonly to: PeerId;
      readonly id: RequestId;
      readonly response: Response;
    }
  | {
      readonly type: "request";
      readonly to: PeerId;
      readonly id: RequestId;
      readonly request: Request;
    }
  | { readonly type: "gossip"; readonly message: Gossip }
  /** Whether the gossip of this event goes on to others. */
  | { readonly type: "judge-gossip"; readonly verdict: GossipVerdict }
  /** Ends the connection; if `banMs` is above zero, none is made again for so long. */
  | {
      readonly type: "disconnect";
      readonly peer: PeerId;
      readonly reason: string;
      readonly banMs: number;
    }
  /** Replaces what the miners search; undefined lets them rest. */
  | { readonly type: "mine"; readonly template: BlockTemplate | undefined }
  | { readonly type: "answer"; readonly id: CommandId; readonly answer: Answer }
  | { readonly type: "news"; readonly news: News };

/** `reject` blames whoever relayed it. */
export type GossipVerdict = "accept" | "ignore" | "reject";

export type Answer =
  | { readonly type: "transaction"; readonly verdict: Verdict<Admission, MempoolProblem> }
  | { readonly type: "block"; readonly result: BlockResult }
  | { readonly type: "mining"; readonly payTo: Uint8Array | undefined };

export type BlockResult =
  | { readonly status: "tip" | "side" | "known" | "orphan"; readonly hash: BlockHash }
  | { readonly status: "rejected"; readonly hash: BlockHash; readonly problem: BlockProblem };
