/** A world for sources: a server whose answers and streams a test makes by hand. */

import type { LabEvent, NumberedEvent } from "../../../src/contract/timeline.ts";
import type {
  OpenStream,
  Reach,
  SourceListener,
  StreamListener,
} from "../../../src/dashboard/sources/source.ts";
import type { Connection } from "../../../src/dashboard/state/dashboard.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";

type Stream = { readonly path: string; readonly listener: StreamListener; isOpen: boolean };

export class HandMadeReach implements Reach {
  /** By path; what is not here does not answer. */
  readonly answers = new Map<string, string>();
  readonly streams: Stream[] = [];
  clock = 0;

  async read(path: string): Promise<string> {
    const answer = this.answers.get(path);
    if (answer === undefined) throw new Error(`${path} does not answer`);
    return answer;
  }

  openStream(path: string, listener: StreamListener): OpenStream {
    const stream = { path, listener, isOpen: true };
    this.streams.push(stream);
    return { close: () => (stream.isOpen = false) };
  }

  async wait(durationMs: number): Promise<void> {
    this.clock += durationMs;
    await settle();
  }

  now(): Milliseconds {
    return this.clock as Milliseconds;
  }

  get stream(): Stream {
    return this.streams.at(-1)!;
  }
}

/** Whatever a source told. */
export class Heard implements SourceListener {
  readonly events: NumberedEvent[] = [];
  readonly connections: Connection["state"][] = [];
  startedOver = 0;

  hear(events: readonly NumberedEvent[]): void {
    this.events.push(...events);
  }

  connect({ state }: Connection): void {
    this.connections.push(state);
  }

  startOver(): void {
    this.startedOver += 1;
  }

  get ids(): readonly number[] {
    return this.events.map(({ id }) => id);
  }
}

export function linesOf(events: readonly LabEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

/** Until all that could go on without waiting has done so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
