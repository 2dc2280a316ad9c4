/** Lets miners choose their timestamps: what the lab's difficulty does then, and what others' would do. */

import { describe, expect, test } from "vitest";
import {
  type MinedHeader,
  mineHeaders,
  type MiningTerms,
  stampNames,
} from "../../../src/experiments/proof-of-work/timestamps.ts";
import { createRandom } from "../../../src/primitives/random.ts";

const honest: MiningTerms = { rule: "median", share: 0, stamps: "earliest" };

/** So many headers, or fewer if the network stops. */
function mined(terms: Partial<MiningTerms>, count: number, seed = "1"): MinedHeader[] {
  const headers: MinedHeader[] = [];
  for (const header of mineHeaders({ ...honest, ...terms }, createRandom(seed, "timestamps"))) {
    headers.push(header);
    if (headers.length === count) break;
  }
  return headers;
}

function meanSeconds(headers: readonly MinedHeader[]): number {
  return headers.reduce((sum, { seconds }) => sum + seconds, 0) / headers.length;
}

const blocks = 20_000;

describe("under the lab's rule", () => {
  test.each(stampNames)("three tenths of the miners cannot change the pace: %s", (stamps) => {
    const headers = mined({ share: 0.3, stamps }, blocks);
    expect(headers).toHaveLength(blocks);
    expect(Math.abs(meanSeconds(headers) / 2 - 1)).toBeLessThan(0.02);
  });

  test.each(stampNames)("just less than half of them hardly can: %s", (stamps) => {
    const headers = mined({ share: 0.49, stamps }, blocks);
    expect(headers).toHaveLength(blocks);
    expect(Math.abs(meanSeconds(headers) / 2 - 1)).toBeLessThan(0.05);
  });

  test.each([1, 2, 5])("%i blocks by clocks 8 h ahead are over within 20 blocks", (count) => {
    const wrong = { from: 500, to: 500 + count };
    const clockErrorAt = (height: number) =>
      height >= wrong.from && height < wrong.to ? 8 * 3600 : 0;
    const [right, after] = [mined({}, 1_000), mined({ clockErrorAt }, 1_000)];
    for (const [i, { difficulty, seconds }] of after.entries()) {
      expect(difficulty / right[i]!.difficulty).toBeGreaterThan(0.8);
      expect(difficulty / right[i]!.difficulty).toBeLessThan(1.25);
      if (i >= wrong.to + 20) expect(difficulty).toBeCloseTo(right[i]!.difficulty, 0);
      expect(seconds).toBeLessThan(60); // nobody rests
    }
  });

  test("after six such blocks honest miners rest until the clock reaches the median", () => {
    const clockErrorAt = (height: number) => (height >= 500 && height < 506 ? 8 * 3600 : 0);
    const headers = mined({ clockErrorAt }, 2_000);
    const rests = headers.filter(({ seconds }) => seconds > 7 * 3600);
    expect(rests).toHaveLength(1);
    expect(headers.indexOf(rests[0]!)).toBe(505);
    expect(headers.at(-1)!.difficulty).toBeGreaterThan(0.5);
    expect(headers.at(-1)!.difficulty).toBeLessThan(2);
  });

  test.each([60, 3600, 86_400])(
    "a pause of %i s before a block that claims the earliest time costs some easy blocks",
    (pause) => {
      const pauseBefore = (height: number) => (height === 500 ? pause : 0);
      const difficulties = mined({ pauseBefore, share: 0.3 }, 1_000).map((each) => each.difficulty);
      const [before, after] = [difficulties[498]!, difficulties.slice(499)];
      expect(Math.min(...after) / before).toBeGreaterThan(0.4);
      expect(Math.max(...after) / before).toBeLessThan(1.5);
    },
  );

  // Medians of 40 runs by another simulation: 178 and 43 blocks.
  test.each([
    [10, 120, 260],
    [0.1, 25, 70],
  ])("%f times the hash rate is followed to within a tenth", (factor, least, most) => {
    const counts = Array.from({ length: 21 }, (_, run) => {
      const hashrateAt = (height: number) => (height <= 300 ? 1 : factor);
      const headers = mined({ hashrateAt }, 1_000, `step ${run}`);
      const isThere = ({ difficulty }: MinedHeader) =>
        Math.abs(Math.log(difficulty / factor)) < Math.log(1 / 0.9);
      return headers.slice(300).findIndex(isThere);
    }).sort((a, b) => a - b);
    expect(counts[10]).toBeGreaterThan(least);
    expect(counts[10]).toBeLessThan(most);
  });
});

describe("with raw times", () => {
  test("and a bound above only, one block by a clock 8 h ahead stops the network", () => {
    const clockErrorAt = (height: number) => (height === 500 ? 8 * 3600 : 0);
    expect(mined({ rule: "raw", clockErrorAt }, 1_000)).toHaveLength(501);
  });

  test("and a bound above only, three tenths of the miners stop the network", () => {
    expect(mined({ rule: "raw", share: 0.3 }, blocks).length).toBeLessThan(blocks);
  });

  test.each([
    ["raw-12", 0.45, 6, 8],
    ["raw-30", 0.49, 2.05, 2.4],
    ["raw-0", 0.3, 0.7, 1],
  ] as const)("%s lets a share of %f bring about another pace", (rule, share, least, most) => {
    const mean = meanSeconds(mined({ rule, share }, blocks));
    expect(mean).toBeGreaterThan(least);
    expect(mean).toBeLessThan(most);
  });
});
