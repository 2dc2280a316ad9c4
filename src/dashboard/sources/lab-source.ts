/** The events of a lab: its timeline so far, then each new one. */

import { type LabJson, labRoutes } from "../../contract/lab.ts";
import type { NumberedEvent } from "../../contract/timeline.ts";
import {
  eventOf,
  eventsOf,
  type OpenStream,
  type Reach,
  retryMs,
  type Source,
  type SourceListener,
} from "./source.ts";

export class LabSource implements Source {
  readonly #reach: Reach;
  #stream: OpenStream | undefined;
  /** The number of the last line that was received. */
  #lastId = 0;
  #wasReached = false;
  /** The file of its timeline, which identifies the lab. Undefined before it has started. */
  #file: string | undefined;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  start(listener: SourceListener): void {
    void this.#readTimeline(listener);
  }

  /** Tries until it is read; then follows the stream from its end. */
  async #readTimeline(listener: SourceListener): Promise<void> {
    this.#stream?.close();
    for (;;) {
      try {
        const events = eventsOf(await this.#reach.read(labRoutes.timeline));
        const last = events.at(-1);
        const file = fileIn(events);
        const isOther = this.#file !== undefined && file !== this.#file;
        if (isOther || (last?.id ?? 0) < this.#lastId) return listener.startOver();
        listener.hear(events);
        this.#lastId = last?.id ?? 0;
        this.#file = file;
        if (last?.event.type === "summary") return listener.connect({ state: "ended" });
        return this.#follow(listener);
      } catch {
        if (this.#wasReached) this.#lose(listener);
        await this.#reach.wait(retryMs);
      }
    }
  }

  #follow(listener: SourceListener): void {
    /** Events of a stream that reconnected, until it is known to be the same lab's. */
    let unsure: [id: number, data: string][] | null = null;
    const stream = this.#reach.openStream(`${labRoutes.events}?after=${this.#lastId}`, {
      opened: () => {
        this.#wasReached = true;
        const held = unsure;
        if (held === null) return listener.connect({ state: "open" });
        void this.#isSameLab().then((isSame) => {
          if (held !== unsure) return; // it broke again
          if (!isSame) return listener.startOver();
          unsure = null;
          listener.connect({ state: "open" });
          for (const [id, data] of held) this.#receive(id, data, listener);
        });
      },
      heard: (id, data) => {
        if (unsure === null) this.#receive(id, data, listener);
        else unsure.push([id, data]);
      },
      missed: () => void this.#readTimeline(listener),
      broke: () => {
        unsure = [];
        this.#lose(listener);
      },
      closed: () => {
        this.#lose(listener);
        void this.#reach.wait(retryMs).then(() => this.#readTimeline(listener));
      },
    });
    this.#stream = stream;
  }

  /** Another lab at the same address also counts its lines from 1. Asks until there is an answer. */
  async #isSameLab(): Promise<boolean> {
    for (;;) {
      try {
        const lab = JSON.parse(await this.#reach.read(labRoutes.lab)) as LabJson;
        return lab.timeline === this.#file;
      } catch {
        await this.#reach.wait(retryMs);
      }
    }
  }

  #receive(id: number, data: string, listener: SourceListener): void {
    const event = eventOf(data);
    if (event === null || id <= this.#lastId) return;
    if (event.type === "opening" && this.#lastId > 0) return listener.startOver();
    this.#lastId = id;
    this.#file = fileIn([{ id, event }]) ?? this.#file;
    listener.hear([{ id, event }]);
    if (event.type !== "summary") return;
    this.#stream?.close();
    listener.connect({ state: "ended" });
  }

  #lose(listener: SourceListener): void {
    listener.connect({ state: "lost", since: this.#reach.now() });
  }
}

/** Of the lab whose events these are, as it said when it had started. */
function fileIn(events: readonly NumberedEvent[]): string | undefined {
  const started = events.findLast(({ event }) => event.type === "started");
  return started?.event.type === "started" ? started.event.timeline : undefined;
}
