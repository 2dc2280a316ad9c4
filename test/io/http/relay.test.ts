/** Checks that what is behind another server answers as if it were here. */

import express, { Router } from "express";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "../../../src/io/http/app.ts";
import { EventLog } from "../../../src/io/http/events/event-log.ts";
import { eventStream } from "../../../src/io/http/events/event-stream.ts";
import { relayTo } from "../../../src/io/http/relay.ts";
import { type RunningServer, serve } from "../../../src/io/http/server.ts";
import { Watcher } from "./watcher.ts";

const log = new EventLog(1);
let behind: RunningServer;
let front: RunningServer;

beforeEach(async () => {
  const router = Router();
  router.post("/echo", express.text(), ({ body, url }, response) => {
    response.status(418).set("X-Asked", url).type("text/plain").send(body);
  });
  router.get("/events", eventStream(log));
  behind = await serve(createApp({ routes: { "/api": router } }), { port: 0 });
  const relay = Router().use("/bob/api", relayTo(`${behind.url}/api`));
  front = await serve(createApp({ routes: { "/": relay } }), { port: 0 });
});
afterEach(async () => {
  await front.close();
  await behind.close();
});

test("method, query, body, status and headers pass", async () => {
  const headers = { "content-type": "text/plain" };
  const init = { method: "POST", headers, body: "hello" };
  const answer = await fetch(`${front.url}/bob/api/echo?a=1`, init);
  expect(answer.status).toBe(418);
  expect(answer.headers.get("x-asked")).toBe("/echo?a=1");
  expect(await answer.text()).toBe("hello");
});

test("event streams pass as they come, and end as they end", async () => {
  const watcher = await Watcher.open<number>(`${front.url}/bob/api/events?after=0`);
  log.add("7");
  expect(await watcher.read(1)).toEqual([{ id: "1", data: 7 }]);
  const rest = watcher.read(1);
  await Promise.all([expect(rest).rejects.toThrow(), behind.close()]);
});

test("if nobody is there any more, that is what is told", async () => {
  await behind.close();
  const answer = await fetch(`${front.url}/bob/api/events`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: "not-ready" });
});
