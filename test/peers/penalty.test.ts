/** Checks what faults cost. */

import { expect, test } from "vitest";
import type { HeadersProblem } from "../../src/chain/headers.ts";
import { limits } from "../../src/peers/limits.ts";
import { penaltyOf } from "../../src/peers/penalty.ts";
import type { Satoshi } from "../../src/primitives/brand.ts";
import { madeUpHash } from "../consensus/samples.ts";

const ban = limits.penaltyMax;
const claimed = 2 as Satoshi;
const allowed = 1 as Satoshi;

test.each<[HeadersProblem, number]>([
  [{ rule: "no-headers" }, 0],
  [{ rule: "too-little-work" }, 0],
  [{ rule: "unknown-parent", parent: madeUpHash }, 20],
  [{ rule: "not-linked", position: 3 }, ban],
  [{ rule: "high-hash", hash: madeUpHash }, ban],
  [{ rule: "bad-diffbits", bits: 1, expected: 2 }, ban],
  [{ rule: "bad-prevblk", previous: madeUpHash }, ban],
  [{ rule: "time-too-new", time: 2, limit: 1 }, 0],
])("headers: %o", (problem, points) => {
  expect(penaltyOf(problem)).toBe(points);
});

test("a block costs a ban, unless the clock or the memory may be to blame", () => {
  expect(penaltyOf({ rule: "bad-cb-amount", claimed, allowed })).toBe(ban);
  expect(penaltyOf({ rule: "bad-txnmrklroot" })).toBe(ban);
  expect(penaltyOf({ rule: "time-too-new", time: 2, limit: 1 })).toBe(0);
  expect(penaltyOf({ rule: "duplicate-invalid", hash: madeUpHash })).toBe(20);
});
