/** Compares the wheel with a sorted list. */

import { describe, expect, test } from "vitest";
import { createRandom } from "../../../src/primitives/random.ts";
import { Wheel } from "../../../src/sim/crowd/wheel.ts";

/** What happens, in order, with when. */
function runAll(wheel: Wheel): (readonly [number, number])[] {
  const happened: [number, number][] = [];
  wheel.run((x) => happened.push([wheel.now, x]));
  return happened;
}

test("what comes next is the earliest, and the first to arrive among equals", () => {
  const wheel = new Wheel(16);
  wheel.add(5, 2, 0, 0);
  wheel.add(5, 3, 0, 0);
  wheel.add(1_000_000_000_000, 6, 0, 0);
  wheel.add(0, 0, 0, 0);
  wheel.add(3, 1, 0, 0);
  wheel.add(16, 4, 0, 0);
  wheel.add(100, 5, 0, 0);
  expect(wheel.length).toBe(7);
  expect(runAll(wheel)).toEqual([
    [0, 0],
    [3, 1],
    [5, 2],
    [5, 3],
    [16, 4],
    [100, 5],
    [1_000_000_000_000, 6],
  ]);
  expect(wheel.length).toBe(0);
});

test("an event that was far away comes before one of its time that was added later", () => {
  const wheel = new Wheel(16);
  wheel.add(40, 1, 0, 0);
  wheel.add(40, 2, 0, 0);
  wheel.add(30, 0, 0, 0);
  const order: number[] = [];
  wheel.run((x) => {
    order.push(x);
    if (x === 0) wheel.add(10, 3, 0, 0);
  });
  expect(order).toEqual([0, 1, 2, 3]);
});

test("what happens may add events, and they keep all three of their numbers", () => {
  const wheel = new Wheel();
  wheel.add(1, -1, 2_147_483_647, -2_147_483_648);
  const seen: number[][] = [];
  wheel.run((...words) => {
    seen.push([...words]);
    if (seen.length === 1) wheel.add(0, 7, 8, 9);
  });
  expect(seen).toEqual([
    [-1, 2_147_483_647, -2_147_483_648],
    [7, 8, 9],
  ]);
});

test.each([1, 64, 4_096])("with a ring of %d ms it agrees with a sorted list", (spanMs) => {
  for (const seed of [1, 2, 3]) {
    const random = createRandom(seed);
    const wheel = new Wheel(spanMs);
    const model: { time: number; x: number }[] = [];
    const add = (x: number): void => {
      const delayMs = random.nextBelow(random.pick([1, 2, 50, 5_000, 300_000]));
      wheel.add(delayMs, x, 0, 0);
      const time = wheel.now + delayMs;
      const position = model.findIndex((each) => each.time > time);
      model.splice(position === -1 ? model.length : position, 0, { time, x });
    };
    let added = 0;
    while (added < 300) add(added++);
    wheel.run((x) => {
      expect([wheel.now, x], `seed ${seed}`).toEqual(Object.values(model.shift()!));
      for (let more = random.nextBelow(3); more > 0 && added < 3_000; more--) add(added++);
    });
    expect(model).toEqual([]);
    expect(added).toBe(3_000);
  }
});

describe("it refuses", () => {
  test.each([-1, 0.5, NaN, Infinity])("a delay of %d", (delayMs) => {
    expect(() => new Wheel().add(delayMs, 0, 0, 0)).toThrow(RangeError);
  });

  test.each([0, 3, -4])("a ring of %d ms", (spanMs) => {
    expect(() => new Wheel(spanMs)).toThrow(RangeError);
  });
});
