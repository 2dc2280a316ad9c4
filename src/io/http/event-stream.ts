/** Server-sent events: what happens to a node, to whoever watches. */

import type { RequestHandler, Response } from "express";
import type { EventLog, LoggedEvent } from "./event-log.ts";
import { ProblemError } from "./problem.ts";

/** Watchers of one node at once. */
export const streamsMax = 64;
/** Bytes that a watcher may be behind; one that reads slower is cut off and may resume. */
const backlogSizeBytesMax = 4_000_000;
/** Keeps the connection alive, and finds out that nobody is there any more. */
const heartbeatIntervalMs = 15_000;
/** How soon a browser comes back after the connection broke. */
const retryMs = 1_000;

/** @see WHATWG HTML, server-sent events */
export function eventStream(log: EventLog): RequestHandler {
  let streams = 0;
  return (request, response) => {
    if (request.method === "HEAD") {
      response.type("text/event-stream").end(); // a stream without a body would never end
      return;
    }
    const lastId = lastEventId(request.get("Last-Event-ID"));
    if (streams >= streamsMax) {
      const detail = `${streamsMax} programs watch already: close one of them and try again.`;
      throw new ProblemError(503, "too-many-streams", detail);
    }
    streams += 1;
    const stop = follow(log, response, lastId);
    response.on("close", () => {
      streams -= 1;
      stop();
    });
  };
}

function lastEventId(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const id = Number(text);
  if (Number.isSafeInteger(id) && id >= 0) return id;
  const detail = `The header Last-Event-ID is ${JSON.stringify(text)}: it must be an event's id.`;
  throw new ProblemError(400, "request-invalid", detail);
}

/** @returns a function that ends it. */
function follow(log: EventLog, response: Response, lastId: number | undefined): () => void {
  const send = (text: string) => {
    if (response.destroyed) return; // and its end is not told yet
    response.write(text);
    if (response.writableLength > backlogSizeBytesMax) response.destroy();
  };
  response.status(200).set({
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
  });
  send(`retry: ${retryMs}\n\n`);
  if (lastId !== undefined) {
    const { missed, events } = log.since(lastId);
    if (missed !== undefined) send(`event: missed\ndata: ${JSON.stringify(missed)}\n\n`);
    for (const event of events) send(messageOf(event));
  }
  const unlisten = log.listen((event) => send(messageOf(event)));
  const heartbeat = setInterval(() => send(": still here\n\n"), heartbeatIntervalMs);
  return () => {
    unlisten();
    clearInterval(heartbeat);
  };
}

function messageOf({ id, json }: LoggedEvent): string {
  return `id: ${id}\ndata: ${json}\n\n`;
}
