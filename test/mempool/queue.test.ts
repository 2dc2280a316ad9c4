/** Checks the priority queue against sorting. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { PriorityQueue } from "../../src/mempool/queue.ts";

test("whatever comes in between, the least number comes out first", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20), { freq: 3 })), (steps) => {
      const queue = new PriorityQueue<number>((a, b) => a < b);
      const twin: number[] = [];
      for (const step of steps) {
        if (step === null) {
          expect(queue.pop()).toBe(twin.shift());
        } else {
          queue.push(step);
          twin.push(step);
          twin.sort((a, b) => a - b);
        }
        expect(queue.first).toBe(twin[0]);
        expect(queue.size).toBe(twin.length);
      }
    }),
  );
});
