/** Checks a stream of events: where it begins, its limits, and what a slow watcher is told. */

import { Router } from "express";
import supertest from "supertest";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MissedJson } from "../../../../src/contract/node-api.ts";
import { createApp } from "../../../../src/io/http/app.ts";
import { EventLog } from "../../../../src/io/http/events/event-log.ts";
import { eventStream, streamsMax } from "../../../../src/io/http/events/event-stream.ts";
import { type RunningServer, serve } from "../../../../src/io/http/server.ts";
import { type Message, Watcher } from "../watcher.ts";

/** An event is its own id here. */
type Told = number | MissedJson;

const firstId = 100;
const eventsMax = 100;

let log: EventLog;
let app: ReturnType<typeof createApp>;
let server: RunningServer;

beforeEach(async () => {
  log = new EventLog(firstId, eventsMax);
  app = createApp({ routes: { "/": Router().get("/events", eventStream(log)) } });
  server = await serve(app, { port: 0 });
});

afterEach(() => server.close());

function watch(lastId?: string, query = ""): Promise<Watcher<Told>> {
  return Watcher.open(`${server.url}/events${query}`, lastId);
}

/** Adds the next events, with something behind each that does not change its JSON. */
async function add(count: number, padding = ""): Promise<void> {
  for (let i = 0; i < count; i++) {
    log.add(`${log.nextId}${padding}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function told(id: number): Message<Told> {
  return { id: `${id}`, data: id };
}

function missed(after: number, next: number): Message<Told> {
  return { event: "missed", data: { after, next } };
}

async function firstOf(watcher: Watcher<Told>, count: number): Promise<Message<Told>[]> {
  const messages = await watcher.read(count);
  await watcher.close();
  return messages;
}

describe("a stream begins", () => {
  test("with what comes, if the watcher names no event", async () => {
    await add(2);
    const watcher = await watch();
    await add(1);
    expect(await firstOf(watcher, 1)).toEqual([told(102)]);
  });

  test("behind the last event that the watcher saw", async () => {
    await add(3);
    expect(await firstOf(await watch("100"), 2)).toEqual([told(101), told(102)]);
  });

  test("there too for a browser that cannot set headers for its first request", async () => {
    await add(3);
    expect(await firstOf(await watch(undefined, "?after=101"), 1)).toEqual([told(102)]);
  });

  test("where the header says if the query says something else", async () => {
    await add(3);
    expect(await firstOf(await watch("101", "?after=12"), 1)).toEqual([told(102)]);
  });

  test("with what cannot be told any more", async () => {
    await add(3);
    expect(await firstOf(await watch("12"), 2)).toEqual([missed(12, 100), told(100)]);
  });

  test("nowhere if the watcher names what is no event's id", async () => {
    const answer = await supertest(app).get("/events").set("Last-Event-ID", "x").expect(400);
    expect(answer.body).toMatchObject({ code: "request-invalid" });
    expect(answer.body.detail).toContain('The header Last-Event-ID is "x"');
    const asked = await supertest(app).get("/events?after=-1").expect(400);
    expect(asked.body.detail).toContain('The query\'s after is "-1"');
  });
});

describe("a stream ends", () => {
  test("at once if only its headers are asked for", async () => {
    const answer = await supertest(app).head("/events").expect(200);
    expect(answer.type).toBe("text/event-stream");
  });

  test("when the server closes", async () => {
    const watcher = await watch();
    const read = watcher.read(1);
    await Promise.all([expect(read).rejects.toThrow(), server.close()]);
  });
});

test("there is room for 64 watchers, and again when one leaves", async () => {
  const watchers = await Promise.all(Array.from({ length: streamsMax }, () => watch()));
  const refused = await fetch(`${server.url}/events`);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: "too-many-streams" });
  await watchers.pop()!.close();
  const statusOfNext = async (): Promise<number> => {
    const answer = await fetch(`${server.url}/events`);
    await answer.body?.cancel();
    return answer.status;
  };
  await expect.poll(statusOfNext).toBe(200);
  for (const watcher of watchers) await watcher.close();
});

test("a watcher that reads too slowly is told what it missed, and goes on", async () => {
  const slow = await watch();
  await add(400, " ".repeat(200_000)); // more in all than connections hold
  const last = firstId + 399;
  const messages = await slow.read(1);
  while (messages.at(-1)!.data !== last) messages.push(...(await slow.read(1)));
  const gap = messages.findIndex(({ event }) => event === "missed");
  expect(gap).toBeGreaterThan(0);
  const range = (from: number, to: number) => {
    return Array.from({ length: to - from + 1 }, (_, i) => told(from + i));
  };
  const lastBeforeGap = firstId + gap - 1;
  const firstAfterGap = last - eventsMax + 1;
  expect(messages).toEqual([
    ...range(firstId, lastBeforeGap),
    missed(lastBeforeGap, firstAfterGap),
    ...range(firstAfterGap, last),
  ]);
  await slow.close();
});
