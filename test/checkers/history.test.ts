/** Histories: how they are recorded, and which events fit together. */

import { describe, expect, test } from "vitest";
import { type HistoryEvent, HistoryRecorder, operationsOf } from "../../src/checkers/history.ts";

describe("a recorder", () => {
  test("pairs invocations with returns, and gives a client a new number after an unknown outcome", () => {
    const recorder = new HistoryRecorder();
    recorder.invoke("alice", { f: "write", key: "x", value: 0 }, 5);
    recorder.invoke("bob", { f: "cas", key: "x", value: [0, false] }, 6);
    recorder.info("alice", "timed-out", 7);
    recorder.differed("bob", 8);
    recorder.invoke("alice", { f: "read", key: "x", value: null }, 9);
    recorder.ok("alice", 0, 10);
    recorder.invoke("bob", { f: "write", key: "x", value: "" }, 11);
    recorder.fail("bob", "no leader", 12);
    recorder.invoke("bob", { f: "write", key: "x", value: 1 }, 13);
    const operations = recorder.operations();
    expect(operations.map(({ invocation, outcome }) => [invocation.process, outcome])).toEqual([
      [0, "unknown"],
      [1, "differed"],
      [2, "ok"],
      [1, "failed"],
      [1, "unknown"],
    ]);
    expect(operations[2]).toMatchObject({ invokedAt: 4, returnedAt: 5, completion: { value: 0 } });
  });

  test("refuses a second operation of a client, and a return from none", () => {
    const recorder = new HistoryRecorder();
    expect(() => recorder.ok("alice")).toThrow("alice has no open operation");
    recorder.invoke("alice", { f: "read", key: "x", value: null });
    const again = (): void => recorder.invoke("alice", { f: "read", key: "x", value: null });
    expect(again).toThrow("alice has an open operation");
  });
});

describe("events that fit nowhere are named with what is wrong", () => {
  const invoked: HistoryEvent = { process: 3, type: "invoke", f: "write", key: "x", value: 1 };

  test.each<[string, readonly HistoryEvent[], RegExp]>([
    ["a return before its invocation", [{ ...invoked, type: "ok" }], /has not invoked; put the/],
    ["two invocations", [invoked, invoked], /process 3 invokes while its last operation is open/],
    [
      "another function",
      [invoked, { ...invoked, type: "ok", f: "read" }],
      /a write of key "x" and returns from a read/,
    ],
    [
      "another key",
      [invoked, { ...invoked, type: "ok", key: "y" }],
      /returns from a write of key "y"/,
    ],
    [
      "another value",
      [invoked, { ...invoked, type: "ok", value: "1" }],
      /a write of 1 and returns from one of "1"/,
    ],
  ])("%s", (_what, events, reason) => {
    const operations = operationsOf(events);
    expect(operations).toMatchObject({ ok: false, problem: { event: events.at(-1) } });
    if (!operations.ok) expect(operations.problem.reason).toMatch(reason);
  });
});
