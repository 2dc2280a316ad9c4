/** Rounds of Ben-Or's protocol, against values that were worked out by hand. */

import { expect, test } from "vitest";
import { benOrRoundsMean, benOrWorstMean, benOrWorstTied } from "../../src/theory/ben-or.ts";

test("members that agree need one round, and one member, too", () => {
  for (const nodes of [1, 2, 3, 4, 5, 8, 15]) {
    expect(benOrRoundsMean(nodes, 0)).toBeCloseTo(1, 9);
    expect(benOrRoundsMean(nodes, nodes)).toBeCloseTo(1, 9);
  }
});

test("two members receive what the other says: a tie lasts until two coins fall alike", () => {
  expect(benOrRoundsMean(2, 1)).toBeCloseTo(3, 9);
  expect(benOrWorstMean(2)).toBe(3);
});

test("three members, one of whom proposes the other bit: 45 / 19 rounds", () => {
  // Each of the two receives the other one with probability 1/2. With two proposals no member is undecided
  // but who receives one and the third; the chain has one state besides its end.
  expect(benOrRoundsMean(3, 1)).toBeCloseTo(45 / 19, 9);
  expect(benOrRoundsMean(3, 2)).toBeCloseTo(45 / 19, 9);
});

test("more members take longer, and the worst schedule takes far longer", () => {
  const means = [3, 5, 7, 9, 11].map((nodes) => benOrRoundsMean(nodes, Math.floor(nodes / 2)));
  expect(means).toEqual(means.toSorted((a, b) => a - b));
  expect(benOrWorstMean(11)).toBe(1025);
  expect(benOrRoundsMean(11, 5)).toBeCloseTo(10.69, 1);
});

test("the mean is the sum of the probabilities to be tied still", () => {
  let sum = 1;
  for (let rounds = 1; rounds < 2_000; rounds++) sum += benOrWorstTied(5, rounds);
  expect(sum).toBeCloseTo(benOrWorstMean(5), 6);
});

test("counts out of bounds are refused by name", () => {
  expect(() => benOrRoundsMean(0, 0)).toThrow(/nodes/);
  expect(() => benOrRoundsMean(3, 4)).toThrow(/ones/);
  expect(() => benOrWorstTied(3, 0)).toThrow(/rounds/);
});
