/** Checks how the miners of one thread take turns, in a time that the test sets. */

import { expect, test } from "vitest";
import type { MinerOrder } from "../../../src/io/mining/miner-order.ts";
import type { NonceSearch } from "../../../src/io/mining/nonce-walk.ts";
import { Schedule } from "../../../src/io/mining/schedule.ts";

const search: NonceSearch = {
  number: 1,
  header: Buffer.alloc(80),
  target: Buffer.alloc(32),
  timeMaxSeconds: 0,
  firstNonce: 0,
};
const chunkHashes = 1_000;

function orderOf(miner: string, hashesPerSecond: number | undefined): MinerOrder {
  return { miner, hashesPerSecond, hashes: new SharedArrayBuffer(8), search };
}

function hashesOf(order: MinerOrder): number {
  return Number(new BigInt64Array(order.hashes)[0]);
}

/** A thread that computes `speed` hashes a second, for so long; it sleeps when nobody may mine. */
function run(schedule: Schedule, speed: number, fromSeconds: number, seconds: number): void {
  const untilMs = (fromSeconds + seconds) * 1000;
  for (let nowMs = fromSeconds * 1000; nowMs < untilMs;) {
    schedule.refill(nowMs);
    const miner = schedule.next();
    if (miner === undefined) {
      nowMs += Math.max(1, schedule.waitMs());
      continue;
    }
    const hashes = schedule.allowance(miner, chunkHashes);
    schedule.spend(miner, hashes);
    nowMs += (hashes / speed) * 1000;
  }
}

function scheduleOf(...orders: MinerOrder[]): Schedule {
  const schedule = new Schedule(0, 1, 0);
  for (const order of orders) schedule.accept(order);
  return schedule;
}

test("each miner gets its budget, and those without one share evenly what is left", () => {
  const orders = [8_000, 16_000, 0.5, 0, undefined, undefined].map((budget, index) =>
    orderOf(`miner ${index}`, budget),
  );
  run(scheduleOf(...orders), 500_000, 0, 21);
  const [small, large, tiny, none, left, right] = orders.map(hashesOf) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  expect(small / (21 * 8_000)).toBeCloseTo(1, 2);
  expect(large / (21 * 16_000)).toBeCloseTo(1, 2);
  expect(tiny).toBe(10);
  expect(none).toBe(0);
  expect(left / right).toBeCloseTo(1, 2);
  expect((left + right) / (21 * (500_000 - 24_000))).toBeCloseTo(1, 1);
});

test("proportions stay when the thread is too slow for all budgets", () => {
  const one = orderOf("one", 10_000);
  const three = orderOf("three", 30_000);
  run(scheduleOf(one, three), 20_000, 0, 50);
  expect(hashesOf(three) / hashesOf(one)).toBeCloseTo(3, 1);
  expect((hashesOf(one) + hashesOf(three)) / 1_000_000).toBeCloseTo(1, 1);
});

test("a miner does not save up its budget while it rests", () => {
  const order = orderOf("sleeper", 10_000);
  const schedule = scheduleOf({ ...order, search: undefined });
  run(schedule, 1_000_000, 0, 60);
  schedule.accept(order);
  run(schedule, 1_000_000, 60, 1);
  expect(hashesOf(order)).toBeGreaterThanOrEqual(10_000);
  expect(hashesOf(order)).toBeLessThanOrEqual(11_100);
});

test("what was saved of a larger budget is forgotten", () => {
  const order = orderOf("reduced", 1_000_000);
  const schedule = scheduleOf({ ...order, search: undefined });
  run(schedule, 1_000_000, 0, 1);
  schedule.accept({ ...order, hashesPerSecond: 10 });
  run(schedule, 1_000_000, 1, 10);
  expect(hashesOf(order)).toBeLessThanOrEqual(102);
});

test("a search goes on when only the budget changes", () => {
  const schedule = scheduleOf(orderOf("steady", undefined));
  expect(schedule.next()?.walk?.take(10)?.start).toBe(0);
  schedule.accept(orderOf("steady", 1_000));
  schedule.refill(1_000);
  expect(schedule.next()?.walk?.take(10)?.start).toBe(10);
});

test("nobody has a turn while all rest", () => {
  const schedule = scheduleOf({ ...orderOf("resting", undefined), search: undefined });
  expect(schedule.next()).toBeUndefined();
  expect(schedule.waitMs()).toBe(Infinity);
});
