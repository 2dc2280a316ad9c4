/** Checks when the next change of the target is expected, on networks of each rule. */

import { expect, test } from "vitest";
import type { TreeEntry } from "../../../../src/chain/tree.ts";
import { lab, main, regtest } from "../../../../src/consensus/params.ts";
import { difficultyAdjustment } from "../../../../src/io/http/mempool-space/difficulty-adjustment.ts";
import type { CompactTarget, Milliseconds } from "../../../../src/primitives/brand.ts";

/** Blocks from genesis, whose times are so far apart; `bitsAt` tells their targets. */
function chainOf(length: number, apartSeconds: number, bitsAt: (height: number) => number) {
  const entries: TreeEntry[] = [];
  for (let height = 0; height < length; height += 1) {
    const header = { time: height * apartSeconds, bits: bitsAt(height) as CompactTarget };
    const parent = entries.at(-1);
    entries.push({ height, header, parent, medianTime: header.time } as unknown as TreeEntry);
  }
  const tip = entries.at(-1)!;
  const now = (tip.header.time * 1000) as Milliseconds;
  return { tip, now, entryAt: (height: number) => entries[height] };
}

test("a period of 2,016 blocks that come twice as fast doubles the difficulty", () => {
  const { tip, ...rest } = chainOf(3025, 300, (height) =>
    height < 2016 ? 0x1d00ffff : 0x1c7fff80,
  );
  const adjustment = difficultyAdjustment(tip, { params: main, ...rest });
  expect(adjustment).toMatchObject({
    ...{ progressPercent: 50, remainingBlocks: 1008, nextRetargetHeight: 4032, timeAvg: 300_000 },
    ...{ remainingTime: 302_400_000, previousTime: 604_800, expectedBlocks: 504 },
  });
  expect(adjustment.difficultyChange).toBeCloseTo(100);
  expect(adjustment.previousRetarget).toBeCloseTo(100, 1);
  expect(adjustment.estimatedRetargetDate).toBe(tip.header.time * 1000 + 302_400_000);
});

test("no change is estimated of a few blocks, nor more than the rule allows", () => {
  const few = chainOf(100, 1, () => 0x1d00ffff);
  expect(difficultyAdjustment(few.tip, { params: main, ...few })).toMatchObject({
    ...{ difficultyChange: 0, timeAvg: 600_000 },
  });
  const fast = chainOf(1000, 1, () => 0x1d00ffff);
  expect(difficultyAdjustment(fast.tip, { params: main, ...fast }).difficultyChange).toBe(300);
  const slow = chainOf(1000, 6000, () => 0x1d00ffff);
  expect(difficultyAdjustment(slow.tip, { params: main, ...slow }).difficultyChange).toBe(-75);
});

test("on regtest nothing changes, and in a lab each block has a target of its own", () => {
  const fixed = chainOf(1000, 1, () => 0x207fffff);
  expect(difficultyAdjustment(fixed.tip, { params: regtest, ...fixed })).toMatchObject({
    ...{ difficultyChange: 0, previousRetarget: 0, nextRetargetHeight: 2016 },
  });
  const often = chainOf(1000, 1, () => 0x1f00ffff);
  const adjustment = difficultyAdjustment(often.tip, { params: lab, ...often });
  expect(adjustment).toMatchObject({ remainingBlocks: 1, nextRetargetHeight: 1000 });
  expect(adjustment.difficultyChange).toBeGreaterThan(0);
});
