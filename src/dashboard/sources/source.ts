/** Where the page's events come from, and what a source needs to get them. */

import type { LabEvent, NumberedEvent } from "../../contract/timeline.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import type { Connection } from "../state/dashboard.ts";

export interface Source {
  /** Hands over the events so far, then each new one. */
  start(listener: SourceListener): void;
}

export type SourceListener = {
  hear(events: readonly NumberedEvent[]): void;
  connect(connection: Connection): void;
  /** Another lab answers: none of the events so far belongs to it. */
  startOver(): void;
};

/** What a source can ask of its environment. */
export interface Reach {
  /** @throws Error if there is no answer, or with a problem. */
  read(path: string): Promise<string>;
  openStream(path: string, listener: StreamListener): OpenStream;
  wait(durationMs: number): Promise<void>;
  now(): Milliseconds;
}

export interface OpenStream {
  close(): void;
}

export type StreamListener = {
  opened(): void;
  heard(id: number, data: string): void;
  /** Some events are no longer in the stream: they must be read another way. */
  missed(): void;
  /** The browser reconnects by itself. */
  broke(): void;
  /** The browser does not reconnect. */
  closed(): void;
};

/** How soon a page tries again after a failure. */
export const retryMs = 1_000;

/**
 * The lines of a timeline, numbered from 1. One that cannot be read is left out: of a lab that was
 * killed, the last one may be half a line.
 */
export function eventsOf(lines: string): readonly NumberedEvent[] {
  return lines.split("\n").flatMap((line, i) => {
    const event = line === "" ? null : eventOf(line);
    return event === null ? [] : [{ id: i + 1, event }];
  });
}

export function eventOf(json: string): LabEvent | null {
  try {
    const value: unknown = JSON.parse(json);
    const isEvent = typeof value === "object" && value !== null && "type" in value && "at" in value;
    return isEvent ? (value as LabEvent) : null;
  } catch {
    return null;
  }
}
