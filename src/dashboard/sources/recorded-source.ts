/** The events of a recording: a timeline that does not grow any more. */

import { eventsOf, type Reach, retryMs, type Source, type SourceListener } from "./source.ts";

export class RecordedSource implements Source {
  readonly #lines: () => Promise<string>;
  readonly #reach: Pick<Reach, "wait" | "now">;

  /** @param lines reads the timeline, again if it could not be read. */
  constructor(lines: () => Promise<string>, reach: Pick<Reach, "wait" | "now">) {
    this.#lines = lines;
    this.#reach = reach;
  }

  start(listener: SourceListener): void {
    void this.#read(listener);
  }

  async #read(listener: SourceListener): Promise<void> {
    for (;;) {
      try {
        listener.hear(eventsOf(await this.#lines()));
        return listener.connect({ state: "ended" });
      } catch {
        listener.connect({ state: "lost", since: this.#reach.now() });
        await this.#reach.wait(retryMs);
      }
    }
  }
}
