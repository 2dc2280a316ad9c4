/** The transcript of a run: one line for each notable event; the same seed gives the same lines. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Clock } from "./clock.ts";
import type { NewsListener } from "./world.ts";

/** Wide enough for a day. */
const timeWidth = 9;
const nameWidth = 8;

/** The part of a world that a transcript needs. */
export type ObservableWorld<News> = {
  readonly clock: Clock;
  onNews(listener: NewsListener<News>): void;
};

export class Transcript<News> {
  readonly #clock: Clock;
  readonly #onLine: (line: string) => void;

  /**
   * Records from now on what happens in a world.
   *
   * @param describe a piece of news in words; undefined for news that is left out.
   */
  constructor(
    world: ObservableWorld<News>,
    describe: (news: News) => string | undefined,
    onLine: (line: string) => void,
  ) {
    this.#clock = world.clock;
    this.#onLine = onLine;
    world.onNews((name, news) => {
      const text = describe(news);
      if (text !== undefined) this.say(name, text);
    });
  }

  /** @param who a node's name, or empty if the line is about the whole world. */
  say(who: PeerId | "", text: string): void {
    const seconds = (this.#clock.elapsedMs / 1000).toFixed(3).padStart(timeWidth);
    this.#onLine(`${seconds} s  ${who.padEnd(nameWidth)}  ${text}`);
  }
}
