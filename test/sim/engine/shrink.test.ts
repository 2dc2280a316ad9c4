/** Shrinks lists against made-up failures. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { shrink } from "../../../src/sim/engine/shrink.ts";

const forever = 10_000;

test("what is left is exactly what the failure needs, in its order", () => {
  const lists = fc.uniqueArray(fc.integer(), { maxLength: 20 });
  const cases = lists.chain((items) => fc.tuple(fc.constant(items), fc.subarray(items)));
  fc.assert(
    fc.property(cases, ([items, needed]) => {
      const stillFails = (tried: readonly number[]) => needed.every((each) => tried.includes(each));
      expect(shrink(items, stillFails, forever)).toEqual(needed);
    }),
  );
});

test("a failure that needs nothing is told at once", () => {
  let runs = 0;
  const shortest = shrink([1, 2, 3, 4, 5, 6, 7, 8], () => ++runs > 0, forever);
  expect({ shortest, runs }).toEqual({ shortest: [], runs: 1 });
});

test("one of two causes is enough", () => {
  const stillFails = (tried: readonly number[]) => tried.includes(2) || tried.includes(5);
  expect(shrink([1, 2, 3, 4, 5, 6], stillFails, forever)).toHaveLength(1);
});

test("after so many runs it ends with what it has, which fails", () => {
  let runs = 0;
  const stillFails = (tried: readonly number[]) => ++runs > 0 && tried.includes(7);
  const shortest = shrink([1, 2, 3, 4, 5, 6, 7, 8], stillFails, 2);
  expect(runs).toBe(2);
  expect(shortest).toContain(7);
  expect(shortest.length).toBeGreaterThan(1);
});
