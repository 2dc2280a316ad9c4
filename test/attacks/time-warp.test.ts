/** Lets a majority lie about the time, under each difficulty rule. */

import { expect, test } from "vitest";
import { warpRules, warpTime } from "../../src/attacks/time-warp.ts";

const periods = 6;

function lastOf(...run: Parameters<typeof warpTime>) {
  return warpTime(...run).at(-1)!;
}

test("honest miners keep the pace under every rule", () => {
  for (const rule of warpRules) {
    for (const { pace } of warpTime(rule, "honest", periods)) {
      expect(Math.abs(pace - 1), rule).toBeLessThan(0.01);
    }
  }
});

test("the warp makes blocks easier and easier under Bitcoin's rule", () => {
  const paces = warpTime("2016", "warp", periods).map(({ pace }) => pace);
  for (const [position, pace] of paces.entries()) {
    if (position >= 2) expect(pace).toBeLessThan(paces[position - 1]! / 1.9);
  }
  expect(paces.at(-1)).toBeLessThan(0.03);
});

test("BIP94 takes that gain away", () => {
  expect(Math.abs(lastOf("2016-bip94", "warp", periods).pace - 1)).toBeLessThan(0.01);
});

test("under ASERT the warp makes blocks harder, and claiming the future gains a moment", () => {
  expect(lastOf("asert", "warp", periods).difficulty).toBeGreaterThan(100);
  const future = warpTime("asert", "future", periods);
  for (const { pace } of future) expect(Math.abs(pace - 1)).toBeLessThan(0.02);
});
