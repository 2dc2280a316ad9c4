/** Server-sent events: what happens to a node or a lab, for programs that watch it. */

import type { Request, RequestHandler, Response } from "express";
import type { MissedJson } from "../../../contract/node-api.ts";
import { ProblemError } from "../problem.ts";
import type { EventLog } from "./event-log.ts";

/** Watchers of one log at once. */
export const streamsMax = 64;
/** Keeps the connection alive, and finds out whether the client has gone. */
const heartbeatIntervalMs = 15_000;
/** How soon a browser comes back after the connection broke. */
const retryMs = 1_000;

/**
 * Sends what happens; and before it what came after the event that the header `Last-Event-ID` or,
 * as a browser cannot set that for its first request, the query's `after` names.
 *
 * @see WHATWG HTML, server-sent events
 */
export function eventStream(log: EventLog): RequestHandler {
  let streams = 0;
  return (request, response) => {
    if (request.method === "HEAD") {
      response.type("text/event-stream").end(); // a stream without a body would never end
      return;
    }
    const lastId = lastEventId(request);
    if (streams >= streamsMax) {
      const detail = `${streamsMax} programs watch already: close one of them and try again.`;
      throw new ProblemError(503, "too-many-streams", detail);
    }
    streams += 1;
    const writer = new StreamWriter(log, response, lastId);
    response.on("close", () => {
      streams -= 1;
      writer.stop();
    });
  };
}

function lastEventId(request: Request): number | undefined {
  const header = request.get("Last-Event-ID");
  if (header !== undefined && header !== "") return idFrom(header, "The header Last-Event-ID");
  const { after } = request.query;
  if (after !== undefined && after !== "") return idFrom(after, "The query's after");
  return undefined;
}

function idFrom(text: unknown, name: string): number {
  const id = typeof text === "string" ? Number(text) : NaN;
  if (Number.isSafeInteger(id) && id >= 0) return id;
  const detail = `${name} is ${JSON.stringify(text)}: it must be an event's id.`;
  throw new ProblemError(400, "request-invalid", detail);
}

/**
 * One watcher's stream. Nothing is written while the connection is full, so a slow watcher costs no
 * memory: it finds its events in the log when it has read, or gets an event that says it missed
 * some.
 */
class StreamWriter {
  readonly #log: EventLog;
  readonly #response: Response;
  readonly #unlisten: () => void;
  readonly #heartbeat: NodeJS.Timeout;
  #nextId: number;
  #isFull = false;
  /** Where it was at the last heartbeat, if the connection was full then. */
  #stuckAt: number | undefined;

  constructor(log: EventLog, response: Response, lastId: number | undefined) {
    this.#log = log;
    this.#response = response;
    this.#nextId = log.nextId;
    this.#unlisten = log.listen(() => this.#goOn());
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatIntervalMs);
    response.on("drain", () => {
      this.#isFull = false;
      this.#goOn();
    });
    response.status(200).set({
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    });
    this.#send(`retry: ${retryMs}\n\n`);
    if (lastId === undefined) return;
    if (log.canResumeAfter(lastId)) this.#nextId = lastId + 1;
    else this.#skipFrom(lastId);
    this.#goOn();
  }

  stop(): void {
    this.#unlisten();
    clearInterval(this.#heartbeat);
  }

  #goOn(): void {
    while (!this.#isFull && this.#nextId < this.#log.nextId) {
      const json = this.#log.get(this.#nextId);
      if (json === undefined) {
        this.#skipFrom(this.#nextId - 1);
        continue;
      }
      this.#send(`id: ${this.#nextId}\ndata: ${json}\n\n`);
      this.#nextId += 1;
    }
  }

  /** Goes on at what is still kept. */
  #skipFrom(after: number): void {
    const next = this.#log.oldestId;
    const missed: MissedJson = { after, next };
    this.#send(`event: missed\ndata: ${JSON.stringify(missed)}\n\n`);
    this.#nextId = next;
  }

  #beat(): void {
    if (!this.#isFull) {
      this.#send(": still here\n\n");
      return;
    }
    if (this.#stuckAt === this.#nextId) this.#response.destroy(); // it may come back
    this.#stuckAt = this.#nextId;
  }

  #send(text: string): void {
    if (this.#response.destroyed) return; // and its end is not reported yet
    this.#isFull = !this.#response.write(text);
  }
}
