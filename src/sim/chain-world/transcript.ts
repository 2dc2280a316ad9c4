/** The transcript of a simulation: one line for what matters; the same seed gives the same lines. */

import type { News } from "../../node/news.ts";
import type { BlockHash, PeerId, Txid } from "../../primitives/brand.ts";
import type { World } from "./chain-world.ts";

/** Wide enough for a day. */
const timeWidth = 9;
const nameWidth = 8;
const shortLength = 8;

export class Transcript {
  readonly #onLine: (line: string) => void;
  readonly #world: World;

  /** Tells from now on what happens in a world. */
  constructor(world: World, onLine: (line: string) => void) {
    this.#world = world;
    this.#onLine = onLine;
    world.onNews((name, news) => {
      const text = describe(news);
      if (text !== undefined) this.say(name, text);
    });
  }

  /** @param who a node's name, or nothing for the narrator. */
  say(who: PeerId | "", text: string): void {
    const seconds = (this.#world.clock.elapsedMs / 1000).toFixed(3).padStart(timeWidth);
    this.#onLine(`${seconds} s  ${who.padEnd(nameWidth)}  ${text}`);
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
