/** Which hops are drawn, and how many it says there were. */

import { expect, test } from "vitest";
import { dotsPerSecondMax, HopSample } from "../../../src/dashboard/story/hop-sample.ts";
import type { Hop } from "../../../src/dashboard/story/story.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { hashOf, txidOf } from "./tale.ts";

const told = 5_000 as Milliseconds;
const ends = { from: "alice", to: "bob" };

function payments(count: number, at = 5_000): Hop[] {
  const hop = { type: "transaction", name: txidOf("coffee"), ...ends, at } as Hop;
  return Array.from({ length: count }, () => ({ ...hop }));
}

function block(): Hop {
  return { type: "block", name: hashOf("a1"), ...ends, at: told };
}

function take(sample: HopSample, hops: readonly Hop[], now = 0): readonly Hop[] {
  return sample.take(hops, told, now as Milliseconds);
}

test("what was taken is not taken again", () => {
  const sample = new HopSample();
  const first = payments(3);
  expect(take(sample, first)).toEqual(first);
  const second = payments(2);
  expect(take(sample, [...first, ...second])).toEqual(second);
  expect(take(sample, [...first, ...second])).toEqual([]);
  expect(sample.counts).toEqual({ shown: 5, total: 5 });
});

test("a burst is counted in full, drawn in part, and its block always", () => {
  const sample = new HopSample();
  const hops = [...payments(112), block()];
  const drawn = take(sample, hops);
  expect(drawn[0]?.type).toBe("block");
  expect(sample.counts).toEqual({ shown: drawn.length, total: 113 });
  expect(drawn.length).toBeLessThanOrEqual(dotsPerSecondMax);
});

test("the limit is for any second, and a new second has room again", () => {
  const sample = new HopSample();
  let hops: Hop[] = [];
  let drawn = 0;
  for (let now = 0; now < 1_000; now += 100) {
    hops = [...hops, ...payments(50), block()];
    drawn += take(sample, hops, now).length;
  }
  expect(drawn).toBeGreaterThan(10);
  expect(drawn).toBeLessThanOrEqual(dotsPerSecondMax);
  expect(sample.counts).toEqual({ shown: drawn, total: 510 });
  hops = [...hops, ...payments(1)];
  expect(take(sample, hops, 2_000)).toHaveLength(1);
  expect(sample.counts).toEqual({ shown: 1, total: 1 });
});

test("what happened long before the moment shown is no news", () => {
  expect(take(new HopSample(), [...payments(5, 1_000), ...payments(2)])).toHaveLength(2);
});

test("skipped hops are never drawn", () => {
  const sample = new HopSample();
  const hops = payments(3);
  sample.skip(hops);
  expect(take(sample, hops)).toEqual([]);
});

test("a story told anew brings no hop a second time", () => {
  const sample = new HopSample();
  take(sample, payments(3));
  expect(take(sample, payments(3))).toEqual([]);
});
