/** When the target changes next, and how far. */

import type { TreeEntry } from "../../../chain/tree.ts";
import { nextBits } from "../../../consensus/difficulty.ts";
import type { Params } from "../../../consensus/params.ts";
import type { DifficultyAdjustmentJson } from "../../../contract/mempool-space.ts";
import type { CompactTarget, Milliseconds } from "../../../primitives/brand.ts";
import { difficultyOf } from "../../../primitives/target.ts";

/** Where the target never changes, as on regtest, periods are counted as on Bitcoin's main network. */
const usualInterval = 2016;
/** Before so many blocks of a period, no change is estimated. @see mempool.space */
const estimateBlocksMin = 146;
const changePercentMin = -75;
const changePercentMax = 300;

type Choices = {
  readonly params: Params;
  readonly now: Milliseconds;
  readonly entryAt: (height: number) => TreeEntry | undefined;
};

/** @see mempool.space, calcDifficultyAdjustment */
export function difficultyAdjustment(tip: TreeEntry, choices: Choices): DifficultyAdjustmentJson {
  const { params, now, entryAt } = choices;
  const { type } = params.difficulty;
  const interval = intervalOf(params);
  const blocks = tip.height % interval;
  const first = entryAt(tip.height - blocks) ?? tip;
  const sinceSeconds = Math.max(0, Math.floor(now / 1000) - first.header.time);
  const timeAvgSeconds = averageSeconds(blocks, sinceSeconds, choices);
  const remainingBlocks = interval - blocks;
  const timeAvg = Math.floor(timeAvgSeconds * 1000);
  const remainingTime = remainingBlocks * timeAvg;
  const before = first.parent?.header.bits ?? first.header.bits;
  return {
    progressPercent: (blocks / interval) * 100,
    difficultyChange:
      type === "relative-asert"
        ? changePercent(tip.header.bits, nextBits(tip, params))
        : expectedChange(timeAvgSeconds, params),
    estimatedRetargetDate: now + remainingTime,
    remainingBlocks,
    remainingTime,
    previousRetarget: changePercent(before, first.header.bits),
    previousTime: first.header.time,
    nextRetargetHeight: tip.height + remainingBlocks,
    timeAvg,
    adjustedTimeAvg: timeAvg,
    timeOffset: 0,
    expectedBlocks: sinceSeconds / params.spacingSeconds,
  };
}

function intervalOf({ difficulty }: Params): number {
  if (difficulty.type === "relative-asert") return 1; // each block has a target of its own
  return difficulty.type === "interval" ? difficulty.interval : usualInterval;
}

/** Between the blocks of this period; what it should be, while there are too few. */
function averageSeconds(blocks: number, sinceSeconds: number, { params }: Choices): number {
  return blocks < estimateBlocksMin ? params.spacingSeconds : sinceSeconds / blocks;
}

function expectedChange(timeAvgSeconds: number, { difficulty, spacingSeconds }: Params): number {
  if (difficulty.type === "fixed") return 0;
  const percent = (spacingSeconds / timeAvgSeconds - 1) * 100;
  return Math.min(changePercentMax, Math.max(changePercentMin, percent));
}

function changePercent(from: CompactTarget, to: CompactTarget): number {
  return (difficultyOf(to) / difficultyOf(from) - 1) * 100;
}
