/** The file of everything that happened, and the file by which a lab is found. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { LabEvent } from "../../../src/contract/timeline.ts";
import { Timeline } from "../../../src/lab/timeline/timeline.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

test("every event is a line, in order, and listeners hear the same", async () => {
  const path = join(folder, "timeline.jsonl");
  const heard: LabEvent[] = [];
  const first = await Timeline.open(path);
  const unsubscribe = first.onEvent((event) => heard.push(event));
  first.add({ type: "healed" }, 1 as Milliseconds);
  first.add({ type: "shares", shares: { alice: 1 } }, 2 as Milliseconds);
  unsubscribe();
  first.add({ type: "healed" }, 3 as Milliseconds);
  await first.close();
  const second = await Timeline.open(path);
  expect(second.log.nextId).toBe(4);
  second.add({ type: "healed" }, 4 as Milliseconds);
  expect(JSON.parse(second.log.get(4)!)).toEqual({ at: 4, type: "healed" });
  await second.close();

  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const events = lines.map((line): LabEvent => JSON.parse(line));
  expect(events.map(({ at }) => at)).toEqual([1, 2, 3, 4]);
  expect(heard).toEqual(events.slice(0, 2));
});

test("a line that a killed lab did not finish is cut off", async () => {
  const path = join(folder, "timeline.jsonl");
  writeFileSync(path, '{"at":1,"type":"healed"}\n{"at":2,"ty');
  const timeline = await Timeline.open(path);
  timeline.add({ type: "healed" }, 3 as Milliseconds);
  expect(timeline.log.nextId).toBe(3);
  await timeline.close();
  expect(readFileSync(path, "utf8")).toBe('{"at":1,"type":"healed"}\n{"at":3,"type":"healed"}\n');
});

test("a timeline that cannot be written says so in the end", async () => {
  const timeline = await Timeline.open(join(folder, "nowhere", "timeline.jsonl"));
  timeline.add({ type: "healed" }, 1 as Milliseconds);
  await expect(timeline.flush()).rejects.toThrow(/timeline .* is incomplete/);
  await expect(timeline.close()).rejects.toThrow(/timeline .* is incomplete/);
});
