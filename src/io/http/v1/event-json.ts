/** News in the JSON shapes of the event stream, which reorganisations and rules share. */

import type { BlockProblem } from "../../../consensus/problem.ts";
import type { ForcedRestJson } from "../../../contract/mining.ts";
import type { EventJson, ReorgJson } from "../../../contract/node-api.ts";
import type { ForcedRest } from "../../../mempool/mining.ts";
import type { News } from "../../../node/news.ts";
import { totalSizeOfBlock } from "../../../primitives/block.ts";
import type { Milliseconds } from "../../../primitives/brand.ts";
import { txidOf } from "../../../primitives/transaction.ts";
import { unreachable } from "../../../primitives/verdict.ts";

/** Transactions that an event of a block names: enough to watch, too few to overload a client. */
const txidsMax = 200;

export function eventJson(news: News, id: number, at: Milliseconds): EventJson {
  const stamp = { id, at };
  switch (news.type) {
    case "block-accepted": {
      const { type, hash, height, origin, block } = news;
      const { previous, time, bits } = block.header;
      const tx_count = block.transactions.length;
      const size = totalSizeOfBlock(block);
      const is_tip = news.isTip;
      const facts = { hash, height, previous, time, bits, tx_count, size, origin, is_tip };
      const txids = block.transactions.slice(1, 1 + txidsMax).map(txidOf);
      const work = workHex(news.work);
      return { ...stamp, type, ...facts, work, txids, from: news.from ?? null };
    }
    case "block-rejected": {
      const { type, hash, origin, problem, from } = news;
      return { ...stamp, type, hash, origin, ...ruleAndFacts(problem), from: from ?? null };
    }
    case "reorganised":
      return { ...stamp, type: news.type, ...reorgJson(news, at) };
    case "transaction-admitted": {
      const { type, txid, fee, virtualSizeBytes, from } = news;
      return { ...stamp, type, txid, fee, vsize: virtualSizeBytes, from: from ?? null };
    }
    case "transaction-removed":
      return { ...stamp, ...news, by: news.by ?? null };
    case "miners-rest":
      return { ...stamp, type: news.type, ...forcedRestJson(news) };
    case "tip-extended":
    case "peer-ready":
    case "peer-left":
    case "peer-banned":
    case "clock-disagrees":
      return { ...stamp, ...news };
    default:
      return unreachable(news);
  }
}

export function forcedRestJson({ reason, medianAheadSeconds, until }: ForcedRest): ForcedRestJson {
  return { reason, median_ahead: medianAheadSeconds, until };
}

export function reorgJson(
  news: News & { readonly type: "reorganised" },
  at: Milliseconds,
): ReorgJson {
  const { tip, height, fork, forkHeight, back, forth, readmitted } = news;
  const depth = back.length;
  return { at, tip, height, fork, fork_height: forkHeight, depth, back, forth, readmitted };
}

/** Work as Bitcoin Core's `chainwork` shows it: 64 hex digits. */
export function workHex(work: bigint): string {
  return work.toString(16).padStart(64, "0");
}

/** A broken rule and, apart, what it was broken with. */
export function ruleAndFacts(problem: BlockProblem): {
  readonly rule: BlockProblem["rule"];
  readonly facts: Readonly<Record<string, unknown>>;
} {
  const { rule, ...facts } = problem;
  return { rule, facts };
}
