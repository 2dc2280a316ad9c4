/** What a lab has told and what it tells: a watcher who reads both misses nothing and hears nothing twice. */

import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MissedJson } from "../../../src/contract/node-api.ts";
import type { LabEvent } from "../../../src/contract/timeline.ts";
import { createApp } from "../../../src/io/http/app.ts";
import { type RunningServer, serve } from "../../../src/io/http/server.ts";
import { eventsMax, Timeline } from "../../../src/lab/timeline/timeline.ts";
import { timelineRoutes } from "../../../src/lab/timeline/timeline-routes.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { Watcher } from "../../io/http/watcher.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

/** A folder whose name begins with a dot is served, too. */
let folder: string;
let timeline: Timeline;
let server: RunningServer;

beforeEach(async () => {
  folder = temporaryFolder(".powlab-test");
  await open();
});
afterEach(close);

async function open(): Promise<void> {
  timeline = await Timeline.open(join(folder, "timeline.jsonl"));
  server = await serve(createApp({ routes: { "/lab": timelineRoutes(timeline) } }), { port: 0 });
}

async function close(): Promise<void> {
  await server.close();
  await timeline.close();
}

/** Events are known by their times. */
function tell(from: number, to: number): void {
  for (let at = from; at <= to; at++) timeline.add({ type: "healed" }, at as Milliseconds);
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

async function readTimeline(): Promise<LabEvent[]> {
  const text = await (await fetch(`${server.url}/lab/timeline`)).text();
  if (text === "") return [];
  expect(text.at(-1)).toBe("\n");
  return text
    .trimEnd()
    .split("\n")
    .map((line): LabEvent => JSON.parse(line));
}

function watch(query: string, lastId?: string): Promise<Watcher<LabEvent>> {
  return Watcher.open<LabEvent>(`${server.url}/lab/events${query}`, lastId);
}

test("the timeline holds all that was told before it was asked for", async () => {
  expect(await readTimeline()).toEqual([]);
  tell(1, 500);
  expect((await readTimeline()).map(({ at }) => at)).toEqual(numbers(1, 500));
  const answer = await fetch(`${server.url}/lab/timeline`, { method: "HEAD" });
  expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
  expect(await answer.text()).toBe("");
});

test("the stream goes on where the timeline ends, while more and more is told", async () => {
  const last = 3_000;
  let told = 0;
  const telling = setInterval(() => {
    tell(told + 1, Math.min((told += 7), last));
    if (told >= last) clearInterval(telling);
  });
  for (let lines = 0; lines < last;) {
    const before = (await readTimeline()).map(({ at }) => at as number);
    lines = before.length;
    expect(before).toEqual(numbers(1, lines));
    const watcher = await watch(`?after=${lines}`);
    const after = await watcher.read(Math.min(50, last - lines));
    expect(after.map(({ id }) => Number(id))).toEqual(numbers(lines + 1, lines + after.length));
    expect(after.map(({ data }) => data.at)).toEqual(numbers(lines + 1, lines + after.length));
    await watcher.close();
  }
});

test("the id of an event is the number of its line, also when a lab goes on", async () => {
  tell(1, 3);
  await close();
  await open();
  tell(4, 5);
  const watcher = await watch("?after=3");
  expect(await watcher.read(2)).toEqual([
    { id: "4", data: { at: 4, type: "healed" } },
    { id: "5", data: { at: 5, type: "healed" } },
  ]);
  expect((await readTimeline()).map(({ at }) => at)).toEqual(numbers(1, 5));
  await watcher.close();
});

test("who asks for what only the timeline has is told so", async () => {
  tell(1, 3);
  await close();
  await open();
  tell(4, 4);
  const watcher = await watch("?after=1");
  const [missed, next] = await watcher.read(2);
  const gap: MissedJson = { after: 1, next: 4 };
  expect(missed).toEqual({ event: "missed", data: gap });
  expect(next).toMatchObject({ id: "4" });
  await watcher.close();
});

test("so many events can be told again, and not one more", async () => {
  tell(1, eventsMax + 1);
  const whole = await watch("?after=1");
  expect(await whole.read(1)).toMatchObject([{ id: "2" }]);
  await whole.close();
  const short = await watch("?after=0");
  expect(await short.read(1)).toEqual([{ event: "missed", data: { after: 0, next: 2 } }]);
  await short.close();
});

test("a stream that broke goes on behind its last event, whatever it first asked for", async () => {
  tell(1, 9);
  const watcher = await watch("?after=2", "7");
  expect((await watcher.read(2)).map(({ id }) => id)).toEqual(["8", "9"]);
  await watcher.close();
});
