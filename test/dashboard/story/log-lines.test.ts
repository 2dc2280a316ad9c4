/** The log up to a moment. */

import { expect, test } from "vitest";
import { type LogFilter, logLines } from "../../../src/dashboard/story/log-lines.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { Tale } from "./tale.ts";

const all: LogFilter = { subject: null, viewer: null, withNews: false };

function logOf({ events, story, now }: Tale, filter = all, at: Milliseconds = now) {
  return logLines(events, at, filter, story).map(({ text }) => text);
}

test("the log ends with what happened last before the moment", () => {
  const tale = new Tale().mine("a1", "alice");
  const then = tale.now;
  tale.mine("a2", "bob");
  expect(logOf(tale).at(-1)).toMatch(/^bob mines #2/);
  expect(logOf(tale, all, then).at(-1)).toMatch(/^alice mines #1/);
  expect(logOf(tale, all, -1 as Milliseconds)).toEqual([]);
});

test("nodes' own lines come with a selection, or when there is one node only", () => {
  const tale = new Tale(["alice", "bob"]).mine("a1", "alice");
  const own = "bob accepted #1 a10000…0000 (from alice)";
  expect(logOf(tale)).not.toContain(own);
  expect(logOf(tale, { ...all, subject: { type: "node", name: "bob" } })).toContain(own);
  expect(logOf(tale, { ...all, withNews: true })).toContain(own);
});

test("from the point of view of one node only its own lines are there", () => {
  const tale = new Tale(["alice", "bob"]).mine("a1", "alice").mine("b1", "alice", {
    on: "ground",
    isSecret: true,
  });
  expect(logOf(tale, { ...all, viewer: "bob" })).toEqual([
    "bob accepted #1 a10000…0000 (from alice)",
  ]);
});

test("only the last two hundred lines are kept", () => {
  const tale = new Tale(["alice"]);
  for (let i = 1; i <= 250; i += 1) tale.mine(`a${i}`, "alice");
  const log = logOf(tale);
  expect(log).toHaveLength(200);
  expect(log[0]).toMatch(/^alice mines #51 /);
});
