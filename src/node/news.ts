/** What happened, for observers: logs, event streams and timelines are made of it. */

import type { TipChange } from "../chain/change.ts";
import type { TreeEntry } from "../chain/tree.ts";
import type { BlockProblem } from "../consensus/problem.ts";
import type { MempoolEntry } from "../mempool/entry.ts";
import type { Admission, Mempool, MempoolChange } from "../mempool/mempool.ts";
import type { RestChange } from "../mempool/mining.ts";
import type { ClockNews } from "../peers/clock-comparison.ts";
import type { Block } from "../primitives/block.ts";
import type { BlockHash, PeerId, Satoshi, Txid } from "../primitives/brand.ts";
import { type Transaction, txidOf } from "../primitives/transaction.ts";

/** Where a block came from. */
export type BlockOrigin = "mined" | "gossiped" | "synced" | "submitted";

/** In the order in which it happened; a block is persisted before there is news of it. */
export type News =
  /** A block was accepted, on any branch. */
  | {
      readonly type: "block-accepted";
      readonly hash: BlockHash;
      readonly height: number;
      /** From genesis to this block. */
      readonly work: bigint;
      readonly block: Block;
      readonly origin: BlockOrigin;
      readonly isTip: boolean;
      readonly from: PeerId | undefined;
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
      /** Hashes of the blocks connected instead, the new tip last; none below an invalidated one. */
      readonly forth: readonly BlockHash[];
      /** Transactions that wait again. */
      readonly readmitted: readonly Txid[];
    }
  | {
      readonly type: "transaction-admitted";
      readonly txid: Txid;
      readonly fee: Satoshi;
      readonly virtualSizeBytes: number;
      /** Undefined also for one that has waited for its parents: no peer sent it now. */
      readonly from: PeerId | undefined;
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
  | { readonly type: "peer-banned"; readonly peer: PeerId; readonly reason: string }
  /** They should mine and cannot, or can again or need not: told once each. */
  | RestChange
  /** Told once, and again when the difference has changed notably. */
  | ClockNews;

/** How the tip moved. */
export function newsOfChange(
  change: TipChange,
  tip: TreeEntry,
  readmitted: readonly Transaction[],
): News {
  const { hash, height } = tip;
  const lowest = change.back.at(-1);
  if (lowest === undefined) return { type: "tip-extended", tip: hash, height };
  return {
    type: "reorganised",
    tip: hash,
    height,
    fork: lowest.block.header.previous,
    forkHeight: lowest.height - 1,
    back: change.back.map((block) => block.hash),
    forth: change.forth.map((block) => block.hash),
    readmitted: readmitted.map(txidOf),
  };
}

/**
 * What a newcomer did to the mempool.
 *
 * @param from who sent it; undefined if it was submitted here.
 */
export function newsOfAdmission(admission: Admission, mempool: Mempool, from?: PeerId): News[] {
  const { entry, replaced, evicted, adopted } = admission;
  return [
    newsOfEntry(entry, from),
    ...newsOfAdopted(adopted, mempool),
    ...replaced.map((transaction) => newsOfRemoval(transaction, "replaced", entry.txid)),
    ...evicted.map((transaction) => newsOfRemoval(transaction, "evicted")),
  ];
}

/** What a new tip did to the mempool; what it mined is in its blocks. */
export function newsOfMempool(change: MempoolChange, mempool: Mempool): News[] {
  return [
    ...change.conflicted.map(({ transaction, by }) => {
      return newsOfRemoval(transaction, "conflicted", by);
    }),
    ...change.dropped.map((transaction) => newsOfRemoval(transaction, "invalid")),
    ...newsOfAdopted(change.adopted, mempool),
  ];
}

function newsOfAdopted(adopted: readonly Transaction[], mempool: Mempool): News[] {
  const entries = adopted.map((transaction) => mempool.get(txidOf(transaction)));
  return entries
    .filter((entry) => entry !== undefined)
    .map((entry) => newsOfEntry(entry, undefined));
}

type Removal = News & { readonly type: "transaction-removed" };

/** @param by the transaction that took its place. */
export function newsOfRemoval(
  transaction: Transaction,
  reason: Removal["reason"],
  by?: Txid,
): Removal {
  return { type: "transaction-removed", txid: txidOf(transaction), reason, by };
}

function newsOfEntry(entry: MempoolEntry, from: PeerId | undefined): News {
  const { txid, fee, virtualSizeBytes } = entry;
  return { type: "transaction-admitted", txid, fee, virtualSizeBytes, from };
}
