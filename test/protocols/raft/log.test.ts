/** The log beside an array that does the same slowly. */

import { expect, test } from "vitest";
import { createRandom } from "../../../src/primitives/random.ts";
import { type Entry, entryOf } from "../../../src/protocols/raft/entry.ts";
import {
  append,
  cutFrom,
  cutUpTo,
  emptyLog,
  entriesFrom,
  entriesOf,
  entryAt,
  lastWithTermUpTo,
  type Log,
  termAt,
} from "../../../src/protocols/raft/log.ts";

test("any sequence of appends and cuts gives what an array gives, and leaves old logs as they were", () => {
  const random = createRandom(7);
  let log = emptyLog({ index: 0, term: 0 });
  let model = { base: 0, entries: [] as Entry[] };
  const old: { readonly log: Log; readonly entries: readonly Entry[] }[] = [];
  let term = 1;
  for (let step = 0; step < 4000; step++) {
    const kind = random.nextBelow(100);
    const count = model.entries.length;
    if (kind < 96) {
      if (random.nextBelow(20) === 0) term++;
      const entry = entryOf(term, { type: "empty" });
      log = append(log, entry);
      model = { ...model, entries: [...model.entries, entry] };
    } else if (kind < 98 && count > 0) {
      const kept = count - random.nextBelow(Math.min(count, 40));
      log = cutFrom(log, model.base + kept + 1);
      model = { ...model, entries: model.entries.slice(0, kept) };
    } else {
      const cut = random.nextBelow(Math.min(count, 90) + 1);
      log = cutUpTo(log, model.base + cut);
      model = { base: model.base + cut, entries: model.entries.slice(cut) };
    }
    expectEqual(log, model.base, model.entries);
    if (step % 50 === 0) old.push({ log, entries: model.entries });
  }
  for (const { log: before, entries } of old) expect(entriesOf(before)).toEqual(entries);
});

function expectEqual(log: Log, base: number, entries: readonly Entry[]): void {
  const { length } = entries;
  expect([log.base.index, log.last.index]).toEqual([base, base + length]);
  for (const at of [0, 1, length >> 1, length - 1, length]) {
    expect(entryAt(log, base + 1 + at)).toBe(entries[at]);
    const termExpected = at === length ? undefined : entries[at]?.era;
    if (at >= 0 && at < length) expect(termAt(log, base + 1 + at)).toBe(termExpected);
  }
  expect(entryAt(log, base)).toBeUndefined();
  expect(termAt(log, base - 1)).toBeUndefined();
}

test("logs with the same entries are equal as data, however they came to be", () => {
  let [a, b] = [emptyLog({ index: 0, term: 0 }), emptyLog({ index: 40, term: 1 })];
  for (let index = 1; index <= 100; index++) {
    a = append(a, entryOf(1, { type: "empty" }));
    if (index > 40) b = append(b, entryOf(1, { type: "empty" }));
    if (index === 70) a = cutUpTo(a, 40);
  }
  expect(a).toEqual(b);
});

test("entries are given up to a count or a size, but at least one", () => {
  let log = emptyLog({ index: 0, term: 0 });
  for (let index = 1; index <= 50; index++) log = append(log, entryOf(index, { type: "empty" }));
  const terms = (...args: [number, number, number]) => {
    return entriesFrom(log, ...args, () => 10).map(({ era }) => era);
  };
  expect(terms(30, 4, 1000)).toEqual([30, 31, 32, 33]);
  expect(terms(30, 100, 25)).toEqual([30, 31]);
  expect(terms(30, 100, 1)).toEqual([30]);
  expect(terms(49, 100, 1000)).toEqual([49, 50]);
  expect(terms(51, 100, 1000)).toEqual([]);
  expect(terms(1, 0, 1000)).toEqual([]);
  expect(lastWithTermUpTo(log, 99, 20)).toBe(20);
  expect(lastWithTermUpTo(log, 10, 20)).toBe(10);
});
