/** Checks the way of several threads through the nonces of one search. */

import { expect, test } from "vitest";
import { nonceCount } from "../../../src/io/hashing/hasher.ts";
import { nonceRangeSize, type NonceSearch, NonceWalk } from "../../../src/io/mining/nonce-walk.ts";

function searchOf(changes: Partial<NonceSearch> = {}): NonceSearch {
  const target = Buffer.alloc(32);
  return {
    number: 1,
    header: Buffer.alloc(80),
    target,
    timeMaxSeconds: 0,
    firstNonce: 0,
    ...changes,
  };
}

function allOf(
  walk: NonceWalk,
  countMax: number,
): { start: number; count: number; time: number }[] {
  const taken = [];
  for (;;) {
    const nonces = walk.take(countMax);
    if (nonces === undefined) return taken;
    taken.push({ ...nonces, time: Buffer.from(walk.header).readUInt32LE(68) });
  }
}

test("a walk visits each nonce once a second, whichever threads share it and wherever it begins", () => {
  const search = searchOf({ firstNonce: 3_000_000_000, timeMaxSeconds: 1 });
  const walks = [0, 1, 2].map((thread) => new NonceWalk(search, thread, 3));
  const taken = walks.flatMap((walk) => allOf(walk, nonceRangeSize));
  expect(taken.every(({ start }) => start % nonceRangeSize === 0)).toBe(true);
  expect(taken.every(({ count }) => count === nonceRangeSize)).toBe(true);
  expect(taken).toHaveLength((2 * nonceCount) / nonceRangeSize);
  expect(new Set(taken.map(({ start, time }) => `${start} at ${time}`)).size).toBe(taken.length);
});

test("a walk begins with the range that has the first nonce", () => {
  const walk = new NonceWalk(searchOf({ firstNonce: 5 * nonceRangeSize + 17 }), 0, 1);
  expect(walk.take(10)).toEqual({ start: 5 * nonceRangeSize, count: 10 });
});

test("a walk cuts ranges into chunks without a gap", () => {
  const walk = new NonceWalk(searchOf(), 0, 2);
  expect(walk.take(40_000)).toEqual({ start: 0, count: 40_000 });
  expect(walk.take(40_000)).toEqual({ start: 40_000, count: nonceRangeSize - 40_000 });
  expect(walk.take(40_000)).toEqual({ start: 2 * nonceRangeSize, count: 40_000 });
});

test("a walk raises the time when the nonces run out, up to the last allowed second", () => {
  const header = Buffer.alloc(80);
  header.writeUInt32LE(1_000, 68);
  const taken = allOf(
    new NonceWalk(searchOf({ header, timeMaxSeconds: 1_002 }), 1, 64),
    nonceRangeSize,
  );
  const rangesEach = nonceCount / nonceRangeSize / 64;
  for (const time of [1_000, 1_001, 1_002]) {
    expect(taken.filter((each) => each.time === time)).toHaveLength(rangesEach);
  }
  expect(taken).toHaveLength(3 * rangesEach);
  expect(header.readUInt32LE(68)).toBe(1_000);
});
