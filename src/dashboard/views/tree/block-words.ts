/** Accessible names of the blocks of the tree. */

import { counted } from "../../../primitives/figures.ts";
import type { Standing } from "../../story/standing.ts";
import type { StoryBlock } from "../../story/story.ts";

const standingWords: Readonly<Record<Standing, string>> = {
  active: "on the best branch",
  competing: "on a competing branch that some nodes follow",
  stale: "stale",
  withheld: "withheld",
};

export type BlockFacts = {
  readonly standing: Standing;
  readonly followers: readonly string[];
  readonly isWatched: boolean;
};

/** Such as "block 17 by carol, on the best branch, 3 payments, alice and bob follow it". */
export function blockWords(block: StoryBlock, facts: BlockFacts): string {
  const { standing, followers, isWatched } = facts;
  const miner = block.miner === null ? "" : ` by ${block.miner}`;
  const words = [`block ${block.height}${miner}`, standingWords[standing]];
  if (standing === "withheld") words.push(withheldWords(block.miner));
  words.push(block.transactions === 0 ? "no payments" : counted(block.transactions, "payment"));
  if (isWatched) words.push("holds the watched payment");
  if (followers.length > 0) {
    words.push(`${namesInWords(followers)} ${followers.length === 1 ? "follows" : "follow"} it`);
  }
  return words.join(", ");
}

/** Such as "known only to mallory". */
export function withheldWords(miner: string | null): string {
  return `known only to ${miner ?? "its miner"}`;
}

/** Such as "alice, bob and carol". */
export function namesInWords(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
