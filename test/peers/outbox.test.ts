/** Checks that transactions leave together, and in batches that are not too large. */

import { describe, expect, test } from "vitest";
import { limits } from "../../src/peers/limits.ts";
import { inBatches, Outbox } from "../../src/peers/outbox.ts";
import type { Elapsed } from "../../src/primitives/brand.ts";
import { dataScript } from "../../src/primitives/script.ts";
import { totalSizeOf } from "../../src/primitives/transaction.ts";
import { outputOf, payment } from "../consensus/samples.ts";

const start = 1000 as Elapsed;

function after(ms: number): Elapsed {
  return (start + ms) as Elapsed;
}

const [first, second] = [payment({ lockTime: 1 }), payment({ lockTime: 2 })];
const large = payment({ outputs: [outputOf(0, dataScript(new Uint8Array(75)))] });
const largeSize = totalSizeOf(large);

describe("the outbox", () => {
  test("keeps transactions for 50 ms after the first came", () => {
    const outbox = new Outbox();
    outbox.add([first], start);
    outbox.add([second], after(49));
    expect(outbox.flushAt).toBe(after(50));
    expect(outbox.takeDue(after(49))).toEqual([]);
    expect(outbox.takeDue(after(50))).toEqual([[first, second]]);
    expect(outbox.flushAt).toBeUndefined();
    expect(outbox.takeDue(after(51))).toEqual([]);
  });

  test("waits for nothing if nothing came", () => {
    const outbox = new Outbox();
    outbox.add([], start);
    expect(outbox.flushAt).toBeUndefined();
    expect(outbox.takeDue(after(100))).toEqual([]);
  });

  test("sends what does not fit one message in several", () => {
    const outbox = new Outbox();
    const many = Array<typeof first>(limits.transactionsPerMessageMax + 1).fill(first);
    expect(totalSizeOf(first) * many.length).toBeGreaterThan(limits.transactionsSizeBytesMax);
    outbox.add(many, start);
    const batches = outbox.takeDue(after(50));
    expect(batches.flat()).toEqual(many);
    for (const batch of batches) {
      const sizeBytes = batch.reduce((sum, each) => sum + totalSizeOf(each), 0);
      expect(sizeBytes).toBeLessThanOrEqual(limits.transactionsSizeBytesMax);
    }
  });
});

describe("a batch", () => {
  test("is cut where it would be too large", () => {
    expect(inBatches([large, large, large], 2 * largeSize)).toEqual([[large, large], [large]]);
    expect(inBatches([large, large, large], 2 * largeSize - 1)).toEqual([
      [large],
      [large],
      [large],
    ]);
  });

  test("has room for one transaction of any size", () => {
    expect(inBatches([large, first], 1)).toEqual([[large], [first]]);
  });

  test("has at most as many as a message may have", () => {
    const many = Array<typeof first>(limits.transactionsPerMessageMax + 1).fill(first);
    const batches = inBatches(many, Infinity);
    expect(batches.map(({ length }) => length)).toEqual([limits.transactionsPerMessageMax, 1]);
  });

  test("of nothing is none", () => {
    expect(inBatches([], 100)).toEqual([]);
  });
});
