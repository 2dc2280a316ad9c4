/** The forms of a history's file: reading, writing, and what is refused. */

import { describe, expect, test } from "vitest";
import {
  findFormat,
  type FormatName,
  readHistory,
} from "../../../src/checkers/formats/history-file.ts";
import { writeJepsenLines } from "../../../src/checkers/formats/jepsen-lines.ts";
import { writeJsonLines } from "../../../src/checkers/formats/json-lines.ts";
import { writeKeyValueLines } from "../../../src/checkers/formats/key-value-lines.ts";
import { type HistoryEvent, type Operation, operationsOf } from "../../../src/checkers/history.ts";
import { checkLinearizability } from "../../../src/checkers/linearizability.ts";
import { createHistory, withChanges } from "../../../src/experiments/checkers/random-history.ts";
import { createRandom } from "../../../src/primitives/random.ts";

function read(text: string, format?: FormatName): readonly HistoryEvent[] {
  const events = readHistory(text, format);
  if (!events.ok) throw new Error(events.problem.reason);
  return events.value;
}

function operationsIn(events: readonly HistoryEvent[]): readonly Operation[] {
  const operations = operationsOf(events);
  if (!operations.ok) throw new Error(operations.problem.reason);
  return operations.value;
}

function withoutLines(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  return events.map(({ line: _, ...event }) => event);
}

const shape = { clients: 4, operations: 40, keys: 1, values: 6, unknown: 0.2, reads: 0.5 } as const;

test("JSON keeps every event as it is, a line each or in one array", () => {
  const events = createHistory({ ...shape, model: "cas", keys: 3 }, createRandom(1));
  const lines = writeJsonLines(events);
  expect(findFormat(lines)).toBe("json");
  expect(withoutLines(read(lines))).toEqual(events);
  const array = `[${lines.trim().split("\n").join(",\n")}]`;
  expect(withoutLines(read(array))).toEqual(events);
});

test("porcupine's key-value lines keep every event but its time", () => {
  const events = createHistory({ ...shape, model: "append", keys: 3 }, createRandom(1));
  const text = writeKeyValueLines(events);
  expect(findFormat(text)).toBe("porcupine-kv");
  expect(withoutLines(read(text))).toEqual(events.map(({ time: _, ...event }) => event));
  expect(text.split("\n")[0]).toMatch(
    /^\{:process 0, :type :invoke, :f :\w+, :key "k\d", :value .+\}$/,
  );
});

test("Jepsen's lines keep the verdict, with numbers for values that are none", () => {
  const line =
    /^INFO {2}jepsen\.util - \d+\t:(invoke|ok|fail|info)\t:(read|write|cas)\t(nil|\d+|\[\d+ \d+\]|:timed-out)$/;
  const outcomes = new Set<string>();
  for (let seed = 1; seed <= 40; seed++) {
    const random = createRandom(seed);
    const events = withChanges(createHistory({ ...shape, model: "cas" }, random), seed % 3, random);
    const operations = operationsIn(events);
    const text = writeJepsenLines(operations);
    for (const each of text.trim().split("\n")) expect(each).toMatch(line);
    const { outcome } = checkLinearizability(operations, { model: "cas" });
    const again = checkLinearizability(operationsIn(read(text)), { model: "cas" });
    expect(again.outcome, `seed ${seed}`).toBe(outcome);
    outcomes.add(outcome);
  }
  expect(outcomes).toEqual(new Set(["linearizable", "refused"]));
});

test("other lines of a Jepsen log are passed over, and reasons are no values", () => {
  const text = [
    "INFO  jepsen.core - Running test",
    "INFO  jepsen.util - :nemesis\t:info\t:start\tnil",
    "INFO  jepsen.util - 0\t:invoke\t:read\tnil",
    "INFO  jepsen.util - 0\t:fail\t:read\t:timed-out",
    "INFO  jepsen.util - 1\t:invoke\t:cas\t[2 4]",
    "INFO  jepsen.util - 1\t:info\t:cas\t:timed-out",
    "",
  ].join("\n");
  expect(read(text).map(({ line, type, value, error }) => [line, type, value, error])).toEqual([
    [3, "invoke", null, undefined],
    [4, "fail", null, "timed-out"],
    [5, "invoke", [2, 4], undefined],
    [6, "info", null, "timed-out"],
  ]);
});

describe("what is malformed is refused with its line and the way out", () => {
  const jepsen = "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n";
  const keyValue = '{:process 0, :type :invoke, :f :get, :key "0", :value nil}\n';
  const json = '{"process":0,"type":"invoke","f":"read"}\n';

  test.each<[string, number | undefined, RegExp]>([
    [
      `${jepsen}INFO  jepsen.util - 0\t:ok\t:rea`,
      2,
      /not of the form INFO .*; correct it or leave/,
    ],
    [`${jepsen}INFO  jepsen.util - 1\t:invoke\t:cas\t[2]`, 2, /not of the form/],
    [`${jepsen}hello`, 2, /not of the form/],
    [`${keyValue}{:process 0, :type :ok, :f :get`, 2, /not of the form \{:process N.*; correct it/],
    [`${json}{"process":0,"type":`, 2, /no JSON; write one event a line/],
    [`${json}{"process":-1,"type":"ok","f":"read"}`, 2, /no whole number from 0 on/],
    [`${json}{"process":0,"type":"okay","f":"read"}`, 2, /its type is "okay"; write invoke, ok/],
    [`${json}{"process":0,"type":"ok","f":"delete"}`, 2, /its f is "delete"; write read, write/],
    [`${json}{"process":0,"type":"ok","f":"read"}`, 2, /a read with ok has no value; write/],
    [
      `${json}{"process":1,"type":"invoke","f":"cas","value":3}`,
      2,
      /its cas is 3; write \[from, to\]/,
    ],
    [
      `${json}{"process":1,"type":"invoke","f":"write","value":[3]}`,
      2,
      /its write is \[3\]; write null/,
    ],
    ['[{"process":0}', undefined, /cut short or malformed/],
    ["hello\n", undefined, /it is no history; give one in the form jepsen, porcupine-kv, json/],
    ["", undefined, /it is no history/],
    ["INFO  jepsen.core - Running test\n", undefined, /none of its lines is an event/],
  ])("%j", (text, line, reason) => {
    const events = readHistory(text);
    expect(events.ok).toBe(false);
    if (events.ok) return;
    expect(events.problem.line).toBe(line);
    expect(events.problem.reason).toMatch(reason);
  });
});
