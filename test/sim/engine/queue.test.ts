/** Compares the calendar queue with a sorted list. */

import { expect, test } from "vitest";
import { createRandom } from "../../../src/primitives/random.ts";
import { type Appointment, CalendarQueue } from "../../../src/sim/engine/queue.ts";

function takeAll<T>(queue: CalendarQueue<T>): T[] {
  const items: T[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) items.push(next.item);
  return items;
}

test("what comes next is the earliest, and the first to arrive among equals", () => {
  const queue = new CalendarQueue<string>();
  queue.add(5, "b");
  queue.add(5, "c");
  queue.add(100_000, "e");
  queue.add(3, "a");
  queue.add(4_101, "d");
  expect(takeAll(queue)).toEqual(["a", "b", "c", "d", "e"]);
});

test("it agrees with a sorted list, whether times are near, years away, equal or cancelled", () => {
  for (const seed of [1, 2, 3]) {
    const random = createRandom(seed);
    const queue = new CalendarQueue<number>();
    const model: Appointment<number>[] = [];
    let now = 0;
    for (let step = 0; step < 3_000; step++) {
      const choice = random.nextBelow(10);
      if (choice < 5) {
        const delay = Math.floor(random.pick([0, 1, 30, 5_000, 400_000]) * random.nextFloat());
        model.push(queue.add(now + delay, step));
        model.sort((a, b) => a.time - b.time || a.sequence - b.sequence);
      } else if (choice < 6 && model.length > 0) {
        const [cancelled] = model.splice(random.nextBelow(model.length), 1);
        expect(queue.cancel(cancelled!)).toBe(true);
        expect(queue.cancel(cancelled!)).toBe(false);
      } else {
        const next = queue.take();
        expect(next, `seed ${seed}, step ${step}`).toBe(model.shift());
        now = next?.time ?? now;
      }
      expect(queue.length).toBe(model.length);
    }
    expect(takeAll(queue)).toEqual(model.map(({ item }) => item));
  }
});

test("it refuses a time before the last one taken, and one that never comes", () => {
  const queue = new CalendarQueue<string>();
  queue.add(100, "a");
  queue.take();
  expect(() => queue.add(50, "b")).toThrow(RangeError);
  expect(() => queue.add(Infinity, "b")).toThrow(RangeError);
  expect(() => queue.add(NaN, "b")).toThrow(RangeError);
});
