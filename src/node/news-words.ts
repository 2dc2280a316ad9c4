/** A node's news in words, the same in its log, in a transcript and everywhere else. */

import { factsOf, reasonOf } from "../consensus/problem.ts";
import type { ForcedRest } from "../mempool/mining.ts";
import type { ClockDifference } from "../peers/clock-comparison.ts";
import type { Block } from "../primitives/block.ts";
import { counted, spanText } from "../primitives/figures.ts";
import { unreachable } from "../primitives/verdict.ts";
import type { News } from "./news.ts";

type RestFacts = Omit<ForcedRest, "until">;

export type NewsWords = {
  /** What the node did, to be read after its name: "bans carol: malformed message". */
  readonly line: string;
  /** Details for readers who want to know more. */
  readonly details: readonly string[];
};

/**
 * Undefined for events that are not shown by default.
 *
 * @param shorten how a hash is shown.
 */
export function wordsOfNews(news: News, shorten: (hash: string) => string): NewsWords | undefined {
  switch (news.type) {
    case "block-accepted": {
      const { height, hash, block, origin, isTip } = news;
      const verb = origin === "mined" ? "mines" : "accepts";
      const place = `block ${height} ${shorten(hash)} on ${shorten(block.header.previous)}`;
      const details = isTip ? [] : ["side branch"];
      return { line: `${verb} ${place}${loadOf(block)}`, details };
    }
    case "block-rejected": {
      const { hash, problem, from } = news;
      const details = [...factsOf(problem), ...(from === undefined ? [] : [`from ${from}`])];
      return { line: `rejects block ${shorten(hash)}: ${reasonOf(problem)}`, details };
    }
    case "reorganised": {
      const { back, forth, height, tip, forkHeight, readmitted } = news;
      const move = `${back.length} back, ${forth.length} forth, to ${height} ${shorten(tip)}`;
      const details = [`above block ${forkHeight}`, ...waitingAgain(readmitted.length)];
      return { line: `reorganises: ${move}`, details };
    }
    case "peer-banned":
      return { line: `bans ${news.peer}: ${news.reason}`, details: [] };
    case "miners-rest":
      return { line: `lets its miners rest: ${wordsOfRest(news)}`, details: [] };
    case "clock-disagrees":
      return { line: wordsOfClock(news), details: [] };
    case "tip-extended":
    case "transaction-admitted":
    case "transaction-removed":
    case "peer-ready":
    case "peer-left":
      return undefined;
    default:
      return unreachable(news);
  }
}

/** A sentence without its capital and its full stop. */
export function wordsOfRest({ reason, medianAheadSeconds }: RestFacts): string {
  switch (reason) {
    case "clock-behind-chain": {
      const difference = spanText(medianAheadSeconds);
      return (
        `the chain's median time is ${difference} ahead of this clock, so that no block is ` +
        "allowed yet; one of the two is wrong"
      );
    }
    default:
      return unreachable(reason);
  }
}

/** What is wrong with it, and what follows. */
function wordsOfClock({ direction, seconds, peers }: ClockDifference): string {
  const place = `${spanText(seconds)} ${direction} ${direction === "ahead" ? "of" : ""}`.trim();
  const blocks = `the blocks of ${counted(peers, "peer")}`;
  return `finds its clock ${place} ${blocks}: while one of the two is wrong, blocks are refused`;
}

function loadOf({ transactions }: Block): string {
  const payments = transactions.length - 1;
  return payments === 0 ? "" : ` with ${payments} payment${payments === 1 ? "" : "s"}`;
}

function waitingAgain(count: number): string[] {
  if (count === 0) return [];
  return [count === 1 ? "1 transaction waits again" : `${count} transactions wait again`];
}
