/** The events of a lab: its timeline so far, then what happens. */

import { labRoutes } from "../../lab-api.ts";
import {
  eventOf,
  eventsOf,
  retryMs,
  type OpenStream,
  type Reach,
  type Source,
  type SourceListener,
} from "./source.ts";

export class LabSource implements Source {
  readonly #reach: Reach;
  #stream: OpenStream | undefined;
  /** The number of the last line that was heard. */
  #lastId = 0;
  #wasReached = false;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  start(listener: SourceListener): void {
    void this.#readTimeline(listener);
  }

  /** Until it is read; then the stream begins behind it. */
  async #readTimeline(listener: SourceListener): Promise<void> {
    this.#stream?.close();
    for (;;) {
      try {
        const events = eventsOf(await this.#reach.read(labRoutes.timeline));
        const last = events.at(-1);
        if (last !== undefined && last.id < this.#lastId) return listener.startOver();
        listener.hear(events);
        this.#lastId = last?.id ?? 0;
        if (last?.event.type === "summary") return listener.connect({ state: "ended" });
        return this.#follow(listener);
      } catch {
        if (this.#wasReached) this.#lose(listener);
        await this.#reach.wait(retryMs);
      }
    }
  }

  #follow(listener: SourceListener): void {
    const stream = this.#reach.openStream(`${labRoutes.events}?after=${this.#lastId}`, {
      opened: () => {
        this.#wasReached = true;
        listener.connect({ state: "open" });
      },
      heard: (id, data) => this.#hear(id, data, listener),
      missed: () => void this.#readTimeline(listener),
      broke: () => this.#lose(listener),
      closed: () => {
        this.#lose(listener);
        void this.#reach.wait(retryMs).then(() => this.#readTimeline(listener));
      },
    });
    this.#stream = stream;
  }

  #hear(id: number, data: string, listener: SourceListener): void {
    const event = eventOf(data);
    if (event === null || id <= this.#lastId) return;
    if (event.type === "opening" && this.#lastId > 0) return listener.startOver();
    this.#lastId = id;
    listener.hear([{ id, event }]);
    if (event.type !== "summary") return;
    this.#stream?.close();
    listener.connect({ state: "ended" });
  }

  #lose(listener: SourceListener): void {
    listener.connect({ state: "lost", since: this.#reach.now() });
  }
}
