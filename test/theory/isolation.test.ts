/** Checks the probability of being cut off against figures computed elsewhere. */

import { expect, test } from "vitest";
import { createRandom } from "../../src/primitives/random.ts";
import {
  deceptionProbability,
  dishonestPeersProbability,
  partitionDepthMean,
} from "../../src/theory/isolation.ts";

test.each<[number, number, number, number]>([
  // Means of min(Poisson(s·t), Poisson((1 − s)·t)), summed independently.
  [0.5, 10, 3.755, 3],
  [0.5, 100, 46.02, 2],
  [0.3, 100, 30.0, 2],
])(
  "halves of share %d, apart for %d intervals, lose %d blocks",
  (share, intervals, mean, digits) => {
    expect(partitionDepthMean(share, intervals)).toBeCloseTo(mean, digits);
    expect(partitionDepthMean(1 - share, intervals)).toBeCloseTo(mean, digits);
  },
);

test("a half without power, or no time apart, loses nothing", () => {
  expect(partitionDepthMean(0, 50)).toBe(0);
  expect(partitionDepthMean(0.5, 0)).toBe(0);
});

test("eight peers are all false with the eighth power of the probability of one", () => {
  expect(dishonestPeersProbability(0.8, 8)).toBeCloseTo(0.16777216, 12);
  expect(dishonestPeersProbability(1, 8)).toBe(1);
  expect(() => dishonestPeersProbability(1.1, 8)).toThrow("share must be");
});

test.each([
  // One block: she is first with 0.3, or level with 0.7 · 0.3 and then first again with 0.3.
  [0.3, 1, 1 - 0.3 - 0.21 * 0.3],
  // Two blocks: the others have 0 or 1 with 0.04 + 0.064, and 2 with 0.0768.
  [0.2, 2, 1 - 0.104 - 0.0768 * 0.2],
  [0, 3, 1],
  [1, 3, 0],
])("with share %d, a payment %d deep on a false branch is reversed", (share, deep, probability) => {
  expect(deceptionProbability(share, deep)).toBeCloseTo(probability, 12);
});

test("a deception ends as often as one block after the other says", () => {
  const random = createRandom(5);
  const [share, confirmations, runs] = [0.4, 4, 20_000];
  let reversed = 0;
  for (let run = 0; run < runs; run++) {
    let [hers, theirs] = [0, 0];
    const find = () => (random.nextFloat() < share ? (hers += 1) : (theirs += 1));
    while (hers < confirmations) find();
    if (hers === theirs) find();
    if (theirs > hers) reversed += 1;
  }
  const probability = deceptionProbability(share, confirmations);
  const error = Math.sqrt((probability * (1 - probability)) / runs);
  expect(Math.abs(reversed / runs - probability)).toBeLessThan(4 * error);
});
