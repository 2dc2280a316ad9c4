/** What happens to a node, in lines for people: one for a block, others only for what is unusual. */

import type { News } from "../../src/node/news.ts";
import { wordsOfNews } from "../../src/node/news-words.ts";
import type { Milliseconds } from "../../src/primitives/brand.ts";
import { shortHash } from "../../src/primitives/figures.ts";
import { workOfBits } from "../../src/primitives/target.ts";
import { unreachable } from "../../src/primitives/verdict.ts";
import { clockTime, colours, type LogLevel, shortNumber } from "./output.ts";

/** Undefined for events that are not shown by default. */
export function lineOf(news: News, atMs: number): string | undefined {
  const words = wordsOfNews(news, shortHash);
  if (words === undefined) return undefined;
  const details = [...words.details, ...figuresOf(news)];
  const remark = details.length === 0 ? "" : ` (${details.join(", ")})`;
  return `${colours.dim(clockTime(atMs))} ${colourOf(news)(words.line + remark)}`;
}

/** What only an operator wants to read in every line. */
function figuresOf(news: News): string[] {
  if (news.type === "miners-rest") return [`until ${new Date(news.until).toISOString()}`];
  if (news.type !== "block-accepted") return [];
  return [`work ${shortNumber(Number(workOfBits(news.block.header.bits)))}`];
}

/** How much an operator should mind it. */
type Weight = "usual" | "unusual" | "wrong";

export function levelOf(news: News): LogLevel {
  return weightOf(news) === "usual" ? "info" : "warn";
}

function colourOf(news: News): (text: string) => string {
  return { usual: String, unusual: colours.yellow, wrong: colours.red }[weightOf(news)];
}

function weightOf(news: News): Weight {
  switch (news.type) {
    case "block-rejected":
    case "peer-banned":
      return "wrong";
    case "reorganised":
    case "miners-rest":
    case "clock-disagrees":
    case "miners-resume":
      return "unusual";
    case "block-accepted":
      return news.isTip ? "usual" : "unusual";
    case "tip-extended":
    case "transaction-admitted":
    case "transaction-removed":
    case "peer-ready":
    case "peer-left":
      return "usual";
    default:
      return unreachable(news);
  }
}

/** News in the order in which it came, but none before the node was introduced. */
export class HeldNews {
  readonly #show: ShowNews;
  #held: Parameters<ShowNews>[] | undefined = [];

  constructor(show: ShowNews) {
    this.#show = show;
  }

  add(news: News, at: Milliseconds): void {
    if (this.#held === undefined) this.#show(news, at);
    else this.#held.push([news, at]);
  }

  release(): void {
    for (const each of this.#held ?? []) this.#show(...each);
    this.#held = undefined;
  }
}

export type ShowNews = (news: News, at: Milliseconds) => void;
