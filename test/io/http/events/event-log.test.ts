/** Checks which events are kept, and behind which a stream can go on. */

import { expect, test } from "vitest";
import { EventLog } from "../../../../src/io/http/events/event-log.ts";

/** With events 11, 12, … */
function logOf(count: number, eventsMax?: number): EventLog {
  const log = new EventLog(11, eventsMax);
  for (let i = 0; i < count; i++) log.add(`"${log.nextId}"`);
  return log;
}

test("events are numbered from the first id on", () => {
  const log = logOf(3);
  expect(log).toMatchObject({ oldestId: 11, nextId: 14 });
  expect([10, 11, 13, 14].map((id) => log.get(id))).toEqual([undefined, '"11"', '"13"', undefined]);
});

test("a stream can go on behind every event that is kept, and before the first", () => {
  expect([10, 11, 13].map((id) => logOf(3).canResumeAfter(id))).toEqual([true, true, true]);
  expect(logOf(0).canResumeAfter(10)).toBe(true);
});

test("no stream can go on behind an event of an earlier run, or of another node", () => {
  expect([9, 14, 900].map((id) => logOf(3).canResumeAfter(id))).toEqual([false, false, false]);
});

test("the oldest are forgotten where there is room for no more", () => {
  const log = logOf(7, 4);
  expect(log).toMatchObject({ oldestId: 14, nextId: 18 });
  expect([13, 14, 17].map((id) => log.get(id))).toEqual([undefined, '"14"', '"17"']);
  expect([12, 13].map((id) => log.canResumeAfter(id))).toEqual([false, true]);
});

test("4,096 events of a node are kept", () => {
  expect(logOf(5_000)).toMatchObject({ oldestId: 11 + 5_000 - 4_096 });
});
