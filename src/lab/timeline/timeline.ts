/** The timeline: everything that happened in a lab, one line of JSON each, in a file. */

import { createReadStream, createWriteStream, type WriteStream } from "node:fs";
import { truncate } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { LabEvent, LabFacts } from "../../contract/timeline.ts";
import { EventLog } from "../../io/http/events/event-log.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { messageOf } from "../../primitives/error-message.ts";

/** A line of any timeline. */
export type Told<Facts> = Facts & { readonly at: Milliseconds };

export type LabListener = (event: LabEvent) => void;

/** Lines kept in memory to resend them: a quarter of an hour of a usual lab, about 10 MB. */
export const eventsMax = 20_000;
const lineEnd = 0x0a;

/** Whole lines of the file, up to a moment. */
type Extent = { readonly lines: number; readonly sizeBytes: number };

/** @typeParam Facts what a line says besides its time. */
export class Timeline<Facts extends { readonly type: string } = LabFacts> {
  readonly path: string;
  /** The latest lines; an event's id is the number of its line, from 1. */
  readonly log: EventLog;
  readonly #file: WriteStream;
  readonly #listeners = new Set<(event: Told<Facts>) => void>();
  #sizeBytes: number;
  #failure: Error | undefined;
  #isClosed = false;

  /** Appends to the file if it exists. */
  static async open<Facts extends { readonly type: string } = LabFacts>(
    path: string,
  ): Promise<Timeline<Facts>> {
    return new Timeline<Facts>(path, await measure(path));
  }

  private constructor(path: string, { lines, sizeBytes }: Extent) {
    this.path = path;
    this.log = new EventLog(lines + 1, eventsMax);
    this.#sizeBytes = sizeBytes;
    this.#file = createWriteStream(path, { flags: "a" });
    this.#file.on("error", (error) => (this.#failure = error));
  }

  /** Returns what ends the subscription. */
  onEvent(listener: (event: Told<Facts>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(facts: Facts, at: Milliseconds): void {
    const event: Told<Facts> = { at, ...facts };
    const json = JSON.stringify(event);
    const line = Buffer.from(`${json}\n`);
    if (!this.#isClosed) {
      this.#file.write(line);
      this.#sizeBytes += line.length;
    }
    this.log.add(json);
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * Waits until all events that were added before this call are in the file.
   *
   * @returns the size of the file up to them; later bytes are later events.
   * @throws Error if the disk refused a part of it.
   */
  async flush(): Promise<number> {
    const sizeBytes = this.#sizeBytes;
    if (this.#isClosed) await finished(this.#file).catch(() => undefined);
    else await this.#untilWritten();
    this.#requireComplete();
    return sizeBytes;
  }

  /** Writes are carried out in order, so an empty one ends after all before it. */
  #untilWritten(): Promise<void> {
    return new Promise((resolve) => {
      this.#file.write("", (error) => {
        this.#failure ??= error ?? undefined;
        resolve();
      });
    });
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
    this.#requireComplete();
  }

  #requireComplete(): void {
    if (this.#failure === undefined) return;
    throw new Error(`The timeline ${this.path} is incomplete: ${messageOf(this.#failure)}`, {
      cause: this.#failure,
    });
  }
}

/** Counts the lines, and cuts off an incomplete last one, as a lab that was killed leaves it. */
async function measure(path: string): Promise<Extent> {
  let lines = 0;
  let sizeBytes = 0;
  let readBytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      for (let at = chunk.indexOf(lineEnd); at >= 0; at = chunk.indexOf(lineEnd, at + 1)) {
        lines += 1;
        sizeBytes = readBytes + at + 1;
      }
      readBytes += chunk.length;
    }
  } catch {
    return { lines: 0, sizeBytes: 0 }; // there is none yet; one that cannot be read fails to open
  }
  if (sizeBytes < readBytes) await truncate(path, sizeBytes);
  return { lines, sizeBytes };
}
