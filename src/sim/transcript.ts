/** The transcript of a simulation: one line for what matters; the same seed gives the same lines. */

import { wordsOfNews } from "../node/news-words.ts";
import type { News } from "../node/news.ts";
import type { PeerId } from "../primitives/brand.ts";
import type { World } from "./world.ts";

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
export function short(hash: string): string {
  return hash.slice(0, shortLength);
}

/** Of the blocks only the mined ones: each comes to every node. */
function describe(news: News): string | undefined {
  const isHeardOf = news.type === "block-accepted" && news.origin !== "mined";
  return isHeardOf ? undefined : wordsOfNews(news, short)?.line;
}
