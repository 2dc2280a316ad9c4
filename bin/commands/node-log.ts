/** What happens to a node, in lines for people: one for a block, others only for what is unusual. */

import { describeProblem } from "../../src/consensus/problem.ts";
import { counted, shortHash } from "../../src/contract/figures.ts";
import type { News } from "../../src/node/news.ts";
import { workOfBits } from "../../src/primitives/target.ts";
import { unreachable } from "../../src/primitives/verdict.ts";
import { clockTime, colours, shortNumber } from "./output.ts";

/** Undefined for what is not shown by default. */
export function lineOf(news: News, atMs: number): string | undefined {
  const words = wordsOf(news);
  return words === undefined ? undefined : `${colours.dim(clockTime(atMs))} ${words}`;
}

function wordsOf(news: News): string | undefined {
  switch (news.type) {
    case "block-accepted":
      return blockWords(news);
    case "block-rejected": {
      const { hash, problem, from } = news;
      const source = from === undefined ? "" : ` from ${from}`;
      const why = describeProblem(problem);
      return colours.red(`rejected the block ${shortHash(hash)}${source}: ${why}`);
    }
    case "reorganised":
      return colours.yellow(reorganisationWords(news));
    case "peer-banned":
      return colours.red(`banned ${news.peer}: ${news.reason}`);
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

function blockWords(news: News & { readonly type: "block-accepted" }): string {
  const { hash, height, block, origin, isTip } = news;
  const work = shortNumber(Number(workOfBits(block.header.bits)));
  const notes = [origin === "mined" && "mined here", !isTip && "on a side branch"];
  const words = [
    `#${height}`,
    shortHash(hash),
    counted(block.transactions.length, "tx"),
    `work ${work}`,
    ...notes.filter((note) => note !== false),
  ].join("  ");
  return isTip ? words : colours.yellow(words);
}

function reorganisationWords(news: News & { readonly type: "reorganised" }): string {
  const { height, tip, forkHeight, back, forth, readmitted } = news;
  const moves = `${counted(back.length, "block")} back, ${forth.length} forth`;
  const waiting = readmitted.length === 0 ? "" : `, ${counted(readmitted.length, "tx")} wait again`;
  return `reorganised above #${forkHeight}: ${moves}${waiting}; the tip is #${height} ${shortHash(tip)}`;
}
