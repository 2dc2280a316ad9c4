/** Fee rates of many transactions in a few numbers, and what one should pay. All in satoshis a virtual byte. */

import type { FeeRange, RecommendedFeesJson } from "../../../contract/mempool-space.ts";

export type Rated = { readonly feeRate: number; readonly virtualSizeBytes: number };

/** Of all bytes, how many pay less. @see Bitcoin Core, getblockstats */
const shares = [0.1, 0.25, 0.5, 0.75, 0.9] as const;
const medianPlace = shares.indexOf(0.5) + 1;

/** The lowest fee rate, those at which the shares of the bytes end, and the highest. */
export function feeRangeOf(transactions: readonly Rated[]): FeeRange {
  const sorted = transactions.toSorted((a, b) => a.feeRate - b.feeRate);
  const total = sorted.reduce((sum, { virtualSizeBytes }) => sum + virtualSizeBytes, 0);
  const percentiles: number[] = [];
  let sizeBytes = 0;
  for (const { feeRate, virtualSizeBytes } of sorted) {
    sizeBytes += virtualSizeBytes;
    for (const share of shares.slice(percentiles.length)) {
      if (sizeBytes >= share * total) percentiles.push(feeRate);
    }
  }
  const [lowest, highest] = [sorted.at(0), sorted.at(-1)];
  if (lowest === undefined || highest === undefined) return [0, ...shares.map(() => 0), 0];
  return [lowest.feeRate, ...percentiles, highest.feeRate];
}

export function medianOf(range: FeeRange): number {
  return range[medianPlace] ?? 0;
}

export type ProjectedFees = { readonly blockVSize: number; readonly medianFee: number };

/** A block that is no fuller has room for whatever pays the least fee. */
const roomySizeBytes = 500_000;
/** A block that is fuller, or has another one behind it, has room for what pays as much as it holds. */
const fullSizeBytes = 950_000;

/**
 * What to pay for the next block, the third and the sixth: the median fee rates of the first three
 * projected blocks, smoothed, and less while a block is not full.
 *
 * @param minimumFee what is relayed and mined at all.
 * @see mempool.space, FeeApi.getRecommendedFee
 */
export function recommendedFees(
  blocks: readonly ProjectedFees[],
  minimumFee: number,
): RecommendedFeesJson {
  const minimum = Math.ceil(minimumFee);
  const medians: number[] = [];
  for (const [i, block] of blocks.slice(0, 3).entries()) {
    const isLast = blocks[i + 1] === undefined;
    medians.push(Math.max(minimum, priceOf(block, isLast, medians.at(-1), minimum)));
  }
  const [first = minimum, second = minimum, third = minimum] = medians;
  const economy = Math.min(2 * minimum, third);
  const hour = Math.max(third, economy);
  const halfHour = Math.max(second, hour);
  return {
    fastestFee: Math.max(first, halfHour),
    halfHourFee: halfHour,
    hourFee: hour,
    economyFee: economy,
    minimumFee: minimum,
  };
}

function priceOf(
  { blockVSize, medianFee }: ProjectedFees,
  isLast: boolean,
  before: number | undefined,
  minimum: number,
): number {
  if (blockVSize <= roomySizeBytes) return minimum;
  const price = before === undefined ? medianFee : (medianFee + before) / 2;
  const isFull = blockVSize > fullSizeBytes || !isLast;
  return isFull
    ? Math.ceil(price)
    : Math.round((price * (blockVSize - roomySizeBytes)) / roomySizeBytes);
}
