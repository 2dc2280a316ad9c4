/** What a transcript says of the chain's news: blocks that are mined or rejected, reorganisations, bans. */

import type { News } from "../../node/news.ts";
import type { BlockHash, Txid } from "../../primitives/brand.ts";
import { Transcript, type TellingWorld } from "../engine/transcript.ts";

const shortLength = 8;

export class ChainTranscript extends Transcript<News> {
  constructor(world: TellingWorld<News>, onLine: (line: string) => void) {
    super(world, describe, onLine);
  }
}

/** Enough of a hash to tell it from the others in one transcript. */
export function short(hash: BlockHash | Txid): string {
  return hash.slice(0, shortLength);
}

/** What people want to hear of; undefined for the rest. */
function describe(news: News): string | undefined {
  switch (news.type) {
    case "block-accepted": {
      if (news.origin !== "mined") return undefined;
      const { header, transactions } = news.block;
      const payments = transactions.length - 1;
      const load = payments === 0 ? "" : ` with ${payments} payment${payments === 1 ? "" : "s"}`;
      return `mines block ${news.height} ${short(news.hash)} on ${short(header.previous)}${load}`;
    }
    case "block-rejected":
      return `rejects block ${short(news.hash)}: ${news.problem.rule}`;
    case "reorganised": {
      const { back, forth, height, tip } = news;
      return `reorganises: ${back.length} back, ${forth.length} forth, to ${height} ${short(tip)}`;
    }
    case "peer-banned":
      return `bans ${news.peer}: ${news.reason}`;
    case "tip-extended":
    case "transaction-admitted":
    case "transaction-removed":
    case "peer-ready":
    case "peer-left":
      return undefined;
  }
}
