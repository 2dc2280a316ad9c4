/** The timeline: everything that happened in a lab, one line of JSON each, in a file. */

import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Milliseconds } from "../primitives/brand.ts";
import type { LabEvent, LabFacts } from "./event.ts";

export type LabListener = (event: LabEvent) => void;

export class Timeline {
  readonly path: string;
  readonly #file: WriteStream;
  readonly #listeners = new Set<LabListener>();
  #failure: Error | undefined;
  #isClosed = false;

  /** Adds to the file if there is one. */
  constructor(path: string) {
    this.path = path;
    this.#file = createWriteStream(path, { flags: "a" });
    this.#file.on("error", (error) => (this.#failure = error));
  }

  /** Returns what ends the subscription. */
  onEvent(listener: LabListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(facts: LabFacts, at: Milliseconds): void {
    const event: LabEvent = { at, ...facts };
    if (!this.#isClosed) this.#file.write(`${JSON.stringify(event)}\n`);
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * Waits until all of it is in the file.
   *
   * @throws Error if the disk refused a part of it.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.end();
    await finished(this.#file).catch(() => undefined);
    if (this.#failure === undefined) return;
    throw new Error(`The timeline ${this.path} is incomplete: ${this.#failure.message}`, {
      cause: this.#failure,
    });
  }
}
