/** Draws many blocks, and counts who found them and how fast. */

import { expect, test } from "vitest";
import { createRandom } from "../../../src/primitives/random.ts";
import { MiningRace } from "../../../src/sim/crowd/mining-race.ts";

const blocks = 20_000;

test("miners find blocks in proportion to their power, and those without any find none", () => {
  const race = new MiningRace([0, 1, 0, 2, 7, 0], 1, createRandom(1));
  const counts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < blocks; i++) counts[race.drawWinner()]! += 1;
  for (const [miner, share] of [0, 0.1, 0, 0.2, 0.7, 0].entries()) {
    const deviation = Math.sqrt(share * (1 - share) * blocks);
    expect(Math.abs(counts[miner]! - share * blocks)).toBeLessThanOrEqual(4 * deviation);
  }
});

test("the times between blocks have the mean and the spread of an exponential law", () => {
  const race = new MiningRace([1], 600_000, createRandom(2));
  const times = Array.from({ length: blocks }, () => race.drawDelayMs());
  const mean = times.reduce((sum, each) => sum + each) / blocks;
  const long = times.filter((each) => each > 3 * 600_000).length / blocks;
  expect(Math.abs(mean / 600_000 - 1)).toBeLessThan(4 / Math.sqrt(blocks));
  expect(Math.abs(long - Math.exp(-3))).toBeLessThan(4 * Math.sqrt(Math.exp(-3) / blocks));
});

test("without any power there is no race", () => {
  expect(() => new MiningRace([0, 0], 1, createRandom(1))).toThrow(RangeError);
});
