/** Clocks and what they say of causes: the record, and a small drawing with known answers. */

import { expect, test } from "vitest";
import { judgeStamps, Stamps, wallWrong } from "../../../src/experiments/time/stamps.ts";
import { findingsOf, unmetIn } from "../findings.ts";

test("L1 is as expected", () => {
  expect(unmetIn(findingsOf("L1"))).toEqual([]);
});

test.each([
  { nodes: 3, events: 200, skewMs: 200 },
  { nodes: 9, events: 400 },
])("L1 with %j, too", (chosen) => {
  expect(unmetIn(findingsOf("L1", chosen))).toEqual([]);
});

//  p:  a ── b
//            ╲
//  q:  c ───── d
function drawing(): Stamps {
  const stamps = new Stamps(2);
  stamps.add(0, 10);
  const b = stamps.add(0, 20);
  stamps.add(1, 5);
  stamps.add(1, 70, b);
  return stamps;
}

test("a, b and c come before d, and c is concurrent with a and b", () => {
  const { events } = drawing();
  expect(events.map(({ lamport }) => lamport)).toEqual([1, 2, 1, 3]);
  expect(events.at(-1)?.vector).toEqual([2, 2]);
  const judged = judgeStamps(events);
  expect(judged).toMatchObject({ ordered: 4, concurrent: 2, lamportWrong: 0, vectorWrong: 0 });
  // Lamport's clocks give a and c the same stamp, and put c before b, which nothing says.
  expect(judged.lamportGuessed).toBe(1);
});

test("stamps that forget a message are noticed", () => {
  const events = drawing().events.map((event, at) => {
    return at === 3 ? { ...event, lamport: 2, vector: [0, 2] } : event;
  });
  const judged = judgeStamps(events);
  expect(judged.lamportWrong).toBe(1);
  expect(judged.vectorWrong).toBe(2);
});

test("a wall clock that is behind by more than a message takes runs backwards", () => {
  const { events } = drawing();
  expect(wallWrong(events, [0, -50])).toBe(0);
  expect(wallWrong(events, [0, -51])).toBe(1);
});
