/** The latest events of a node, so that a stream that broke can go on where it was. */

import type { MissedJson } from "../../api.ts";
import type { News } from "../../node/news.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { eventJson } from "./news-json.ts";

export type LoggedEvent = { readonly id: number; readonly json: string };

export type Resumption = {
  /** What can no longer be told. */
  readonly missed: MissedJson | undefined;
  readonly events: readonly LoggedEvent[];
};

/** Some minutes of a busy lab. */
const eventsMax = 4_096;
/** Ids begin at the start's time, so they also grow from one run to the next. */
const idsPerMillisecond = 1_000;

export class EventLog {
  /** A ring: the event with id n is at n modulo its length. */
  readonly #ring: LoggedEvent[] = [];
  readonly #listeners = new Set<(event: LoggedEvent) => void>();
  readonly #firstId: number;
  #nextId: number;

  constructor(startedAt: Milliseconds) {
    this.#firstId = startedAt * idsPerMillisecond + 1;
    this.#nextId = this.#firstId;
  }

  add(news: News, at: Milliseconds): void {
    const id = this.#nextId;
    const event = { id, json: JSON.stringify(eventJson(news, id, at)) };
    this.#ring[id % eventsMax] = event;
    this.#nextId += 1;
    for (const listener of this.#listeners) listener(event);
  }

  /** Everything behind the event of this id. */
  since(id: number): Resumption {
    const oldestId = Math.max(this.#firstId, this.#nextId - eventsMax);
    const isKnown = id >= oldestId - 1 && id < this.#nextId;
    const events: LoggedEvent[] = [];
    for (let next = isKnown ? id + 1 : oldestId; next < this.#nextId; next++) {
      const event = this.#ring[next % eventsMax];
      if (event !== undefined) events.push(event);
    }
    return { missed: isKnown ? undefined : { after: id, next: oldestId }, events };
  }

  /** @returns a function that ends it. */
  listen(listener: (event: LoggedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
