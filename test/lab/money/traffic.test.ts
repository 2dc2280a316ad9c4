/** The payments that go on by themselves. */

import { expect, test } from "vitest";
import { planTraffic } from "../../../src/lab/money/traffic.ts";
import { createRandom } from "../../../src/primitives/random.ts";

const names = ["alice", "bob", "shop"];

function planned(seed: string, count: number, rate = 2) {
  const plan = planTraffic(names, rate, createRandom(seed));
  return Array.from({ length: count }, () => plan.next().value);
}

test("the same seed plans the same payments, another one plans others", () => {
  expect(planned("7", 50)).toEqual(planned("7", 50));
  expect(planned("8", 50)).not.toEqual(planned("7", 50));
});

test("nobody pays themselves, and everybody pays, is paid and is asked", () => {
  const payments = planned("7", 300);
  expect(payments.filter(({ from, to }) => from === to)).toEqual([]);
  for (const part of ["from", "to", "via"] as const) {
    expect(new Set(payments.map((payment) => payment[part]))).toEqual(new Set(names));
  }
});

test("the pace is what was asked for", () => {
  const payments = planned("7", 4_000, 5);
  const totalMs = payments.reduce((sum, { afterMs }) => sum + afterMs, 0);
  // 4,000 exponential times of 200 ms: the standard error of the mean is 1.6 %.
  expect(totalMs / payments.length).toBeGreaterThan(200 * 0.93);
  expect(totalMs / payments.length).toBeLessThan(200 * 1.07);
});
