/**
 * What a transcript has of the chain's news: blocks that are mined or rejected, reorganisations,
 * bans.
 */

import type { News } from "../../node/news.ts";
import { wordsOfNews } from "../../node/news-words.ts";
import { type ObservableWorld, Transcript } from "../engine/transcript.ts";

const shortLength = 8;

export class ChainTranscript extends Transcript<News> {
  constructor(world: ObservableWorld<News>, onLine: (line: string) => void) {
    super(world, describe, onLine);
  }
}

/** Enough of a hash to distinguish it from the others in one transcript. */
export function short(hash: string): string {
  return hash.slice(0, shortLength);
}

/** Of the blocks only the mined ones: each comes to every node. */
function describe(news: News): string | undefined {
  const isHeardOf = news.type === "block-accepted" && news.origin !== "mined";
  return isHeardOf ? undefined : wordsOfNews(news, short)?.line;
}
