/** The lanes that show an operation among those around it. */

import { expect, test } from "vitest";
import { HistoryRecorder, type Operation } from "../../src/checkers/history.ts";
import { drawAround } from "../../src/checkers/lanes.ts";

test("bars stand in the order of time, labels fit, and what is open has no end", () => {
  const recorder = new HistoryRecorder();
  recorder.invoke("a", { f: "write", key: "x", value: 1 });
  recorder.ok("a");
  recorder.invoke("b", { f: "write", key: "x", value: 2 });
  recorder.invoke("a", { f: "cas", key: "x", value: [1, 3] });
  recorder.invoke("c", { f: "read", key: "x", value: null });
  recorder.differed("a");
  recorder.ok("c", 7);
  const operations = recorder.operations();
  expect(drawAround(operations[3] as Operation, operations)).toEqual({
    lines: [
      "  process 0  ├ write 1 ┤   ├ cas 1 → 3 differed ┤",
      "  process 1              ├ write 2 ────────────────────…",
      "▶ process 2                  ├ read 7 ────────────┤",
    ],
    hidden: 0,
  });
});

test("of many that overlap the latest are shown, and the others counted", () => {
  const recorder = new HistoryRecorder();
  for (let i = 0; i < 20; i++) recorder.invoke(`c${i}`, { f: "write", key: "x", value: i });
  recorder.invoke("reader", { f: "read", key: "x", value: null });
  recorder.ok("reader", "lost");
  const operations = recorder.operations();
  const { lines, hidden } = drawAround(operations.at(-1) as Operation, operations);
  expect([lines.length, hidden]).toEqual([9, 12]);
  expect(lines.at(-1)).toMatch(/^▶ process 20 .*├ read "lost" ┤$/);
});
