/** What can happen to a node. */

import type { Woken } from "../machine/machine.ts";
import type { SavedEntry } from "../mempool/saved-mempool.ts";
import type { Gossip, Request, RequestId, Response } from "../peers/message.ts";
import type { Block } from "../primitives/block.ts";
import type { BlockHash, Brand, PeerId } from "../primitives/brand.ts";
import type { Header } from "../primitives/header.ts";
import type { Transaction } from "../primitives/transaction.ts";

/** Identifies a command, so that its answer reaches the caller. */
export type CommandId = Brand<number, "CommandId">;

/** Handled one at a time; a wrong one is its sender's fault, and never thrown. */
export type NodeEvent =
  | { readonly type: "peer-joined"; readonly peer: PeerId }
  | { readonly type: "peer-left"; readonly peer: PeerId }
  /** To be answered by exactly one `respond` effect with the same id. */
  | {
      readonly type: "request";
      readonly from: PeerId;
      readonly id: RequestId;
      readonly request: Request;
    }
  | {
      readonly type: "response";
      readonly from: PeerId;
      readonly id: RequestId;
      readonly response: Response;
    }
  /** The stream broke, or what came was no response. */
  | { readonly type: "request-failed"; readonly from: PeerId; readonly id: RequestId }
  /** To be judged by exactly one `judge-gossip` effect. */
  | { readonly type: "gossip"; readonly from: PeerId; readonly message: Gossip }
  /** What a peer sent does not decode. If it was gossip, it was rejected already. */
  | { readonly type: "malformed"; readonly from: PeerId }
  /** A miner found the proof for the newest template or an older one. */
  | { readonly type: "block-solved"; readonly block: Block }
  | { readonly type: "command"; readonly id: CommandId; readonly command: Command }
  | Woken;

/** What users ask a node to do. */
export type Command =
  | { readonly type: "submit-transaction"; readonly transaction: Transaction }
  /** A child with the unconfirmed parents that it needs, parents first. */
  | {
      readonly type: "submit-package";
      readonly transactions: readonly Transaction[];
      /** Refuses what pays more than this, in satoshis for 1,000 virtual bytes. */
      readonly feeRateMaxPerKvb?: number;
    }
  /** Headers whose blocks may come later. */
  | { readonly type: "submit-header"; readonly header: Header }
  /** `mined` if a lab made it as a block of this node; `submitted` if it is missing. */
  | { readonly type: "submit-block"; readonly block: Block; readonly origin?: "mined" }
  /** Marks a block as invalid until it is reconsidered, with what is above it. */
  | { readonly type: "invalidate-block"; readonly hash: BlockHash }
  /** Takes that mark back, or one for a broken rule if the block is valid after all. */
  | { readonly type: "reconsider-block"; readonly hash: BlockHash }
  /** Treats a block as if it had come before all others of the same work. */
  | { readonly type: "prefer-block"; readonly hash: BlockHash }
  /** What waited when the node was last stopped, parents before children, waits again if it may. */
  | { readonly type: "restore-mempool"; readonly entries: readonly SavedEntry[] }
  /** Mines for this output script from now on; not at all if it is undefined. */
  | { readonly type: "set-mining"; readonly payTo: Uint8Array | undefined };
