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
  [{ rule: "bad-prevblk", previous: madeUpHash }, 0],
  [{ rule: "time-too-new", time: 2, limit: 1 }, 0],
])("headers: %o", (problem, points) => {
  expect(penaltyOf(problem, "placed")).toBe(points);
});

test("a block that is wrong where it stands costs a ban, unless the clock may be to blame", () => {
  for (const knowledge of ["placed", "connected"] as const) {
    expect(penaltyOf({ rule: "bad-txnmrklroot" }, knowledge)).toBe(ban);
    expect(penaltyOf({ rule: "bad-txns-nonfinal", lock: "absolute" }, knowledge)).toBe(ban);
    expect(penaltyOf({ rule: "time-too-new", time: 2, limit: 1 }, knowledge)).toBe(0);
  }
});

test.each<HeadersProblem>([
  { rule: "bad-cb-amount", claimed, allowed },
  { rule: "bad-txns-inputs-missingorspent", coin: "coin" },
  { rule: "bad-txns-inputvalues-outofrange" },
  { rule: "bad-txns-in-belowout", valueIn: allowed, valueOut: claimed },
  { rule: "bad-txns-premature-spend-of-coinbase", coin: "coin", depth: 1, maturity: 2 },
  { rule: "bad-txns-nonfinal", lock: "relative" },
  { rule: "mandatory-script-verify-flag-failed", input: 0, reason: "Invalid Schnorr signature" },
  { rule: "bad-prevblk", previous: madeUpHash },
  { rule: "duplicate-invalid", hash: madeUpHash },
])("what only connecting shows costs who has connected it: %o", (problem) => {
  expect(penaltyOf(problem, "placed")).toBe(0);
  expect(penaltyOf(problem, "connected")).toBe(ban);
});
