/** A file that is to be played: what a timeline is, and what is said of a file that is none. */

import { expect, test } from "vitest";
import {
  describeTimelineProblem,
  kindOfTimeline,
  readTimeline,
} from "../../../src/lab/timeline/recorded-timeline.ts";

const opening = '{"at":1000,"type":"opening"}\n';
const healed = '{"at":3500,"type":"healed"}\n';

function problemIn(text: string): string {
  const timeline = readTimeline(text);
  if (timeline.ok) throw new Error("it is a timeline");
  return describeTimelineProblem(timeline.problem, "run.jsonl");
}

test("a timeline is counted, and lasts from its first event to its last", () => {
  const timeline = readTimeline(opening + healed);
  const value = { lines: opening + healed, events: 2, durationMs: 2_500, isTorn: false };
  expect(timeline).toEqual({ ok: true, value });
});

test("its first line tells what it is of", () => {
  expect(kindOfTimeline(opening + healed)).toBe("lab");
  expect(kindOfTimeline('{"at":1000,"type":"opening","kind":"protocol"}\n')).toBe("protocol");
});

test("a last line that was cut short is left out", () => {
  const timeline = readTimeline(`${opening}${healed}{"at":3600,"type":"he`);
  const value = { lines: opening + healed, events: 2, durationMs: 2_500, isTorn: true };
  expect(timeline).toEqual({ ok: true, value });
});

test("a last line that only lacks its end is kept", () => {
  const timeline = readTimeline((opening + healed).trimEnd());
  const value = { lines: opening + healed, events: 2, durationMs: 2_500, isTorn: false };
  expect(timeline).toEqual({ ok: true, value });
});

test("a clock that was set back does not make it last less than nothing", () => {
  const timeline = readTimeline(`${opening}{"at":900,"type":"healed"}\n`);
  expect(timeline).toMatchObject({ ok: true, value: { durationMs: 0 } });
});

test("an empty file is no timeline", () => {
  expect(problemIn("")).toBe("run.jsonl is empty: nothing was recorded.");
});

test.each([
  ["a line in the middle", `${opening}hello\n${healed}`, 'line 2 is no event: "hello"'],
  ["a whole last line", `${opening}hello\n`, 'line 2 is no event: "hello"'],
  ["the only line", "hello", 'line 1 is no event: "hello"'],
  ["an empty line", `${opening}\n${healed}`, 'line 2 is no event: ""'],
  ["JSON without a time", `${opening}{"type":"healed"}\n`, "line 2 is no event"],
  ["a number", `${opening}7\n`, 'line 2 is no event: "7"'],
  ["nothing", `${opening}null\n`, 'line 2 is no event: "null"'],
])("%s that is no event is named", (_, text, words) => {
  expect(problemIn(text)).toContain(`run.jsonl is no timeline: ${words}`);
});

test("what a terminal would obey is spelt out, and long lines are shortened", () => {
  expect(problemIn(`\u001b[31m\u009b2J${"x".repeat(100)}`)).toBe(
    'run.jsonl is no timeline: line 1 is no event: "\\u001b[31m\\u009b2J' +
      `${"x".repeat(quoteMax - 8)}…".`,
  );
});
const quoteMax = 60;

test("lines of something else are no timeline", () => {
  const node = '{"type":"block-accepted","at":1792540800000}\n';
  expect(problemIn(node)).toContain("must begin with the line in which a lab opens");
});
