/** What the scorecard of cap is made of: lost writes, and nodes that contradict each other. */

import { expect, test } from "vitest";
import { HistoryRecorder, type Value } from "../../../src/checkers/history.ts";
import { countDisagreeing } from "../../../src/sim/cap/agreement.ts";
import { countFabricated, findLost } from "../../../src/sim/cap/lost-writes.ts";

const prefixOf = (first: number, ...cells: string[]) => ({ type: "prefix", first, cells }) as const;

test("a shorter prefix contradicts no other, another cell does", () => {
  const [long, short] = [prefixOf(1, "a", "b", "c"), prefixOf(1, "a")];
  expect(countDisagreeing([long, short, prefixOf(3, "c", "d")])).toBe(0);
  expect(countDisagreeing([long, short, prefixOf(2, "x")])).toBe(1);
  expect(countDisagreeing([long, long, prefixOf(1, "a", "x"), prefixOf(1, "a", "y")])).toBe(2);
});

test("decisions contradict each other by name only", () => {
  const decided = (decisions: Readonly<Record<string, Value>>) => {
    return { type: "decisions", decisions } as const;
  };
  expect(countDisagreeing([decided({ t1: "commit" }), decided({ t2: "abort" })])).toBe(0);
  expect(countDisagreeing([decided({ t1: "commit" }), decided({ t1: "abort" })])).toBe(1);
});

/** One write after the other; each is answered before the next is asked. */
function writesOf(...values: readonly Value[]) {
  const recorder = new HistoryRecorder();
  for (const [at, value] of values.entries()) {
    recorder.invoke("c1", { f: "write", key: "k", value }, 10 * at);
    recorder.ok("c1", undefined, 10 * at + 1);
  }
  return recorder.operations();
}

test("what was written behind the value that a key ends with is lost, and all if it ends with nothing", () => {
  const operations = writesOf(1, 2, 3);
  const lostWith = (value: Value) => {
    const lost = findLost(operations, [{ fromMs: 100, values: { k: value } }]);
    return [...lost].map(({ invocation }) => invocation.value);
  };
  expect(lostWith(3)).toEqual([]);
  expect(lostWith(1)).toEqual([2, 3]);
  expect(lostWith(null)).toEqual([1, 2, 3]);
  expect(lostWith("invented")).toEqual([1, 2, 3]);
});

test("a write is judged by the first audit behind its answer", () => {
  const operations = writesOf(1, 2, 3);
  const audits = [
    { fromMs: 15, values: { k: 2 } },
    { fromMs: 100, values: { k: null } },
  ];
  expect([...findLost(operations, audits)].map(({ invocation }) => invocation.value)).toEqual([3]);
});

test("a value that no client wrote is fabricated, nothing is not", () => {
  const recorder = new HistoryRecorder();
  for (const value of [null, "1", 1]) {
    recorder.invoke("c1", { f: "read", key: "k", value: null });
    recorder.ok("c1", value);
  }
  const reads = recorder.operations();
  expect(countFabricated(reads, [...reads, ...writesOf(1)])).toBe(1);
});
