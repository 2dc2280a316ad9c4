/** What a transaction should pay to be mined soon, judged by what waits. */

import type { Mempool } from "../../mempool/mempool.ts";

export type FeeEstimate = {
  /** How many blocks one is ready to wait. */
  readonly blocks: number;
  /** For 1,000 virtual bytes; rounded up. */
  readonly satoshisPerKilobyte: number;
};

const blockVirtualSizeBytes = 1_000_000;

/** For each number of blocks the fee rate that outbids whatever does not fit in so many. */
export function feeEstimates(
  mempool: Pick<Mempool, "feeHistogram" | "feeRateMinPerKvb">,
  blockCounts: readonly number[],
): FeeEstimate[] {
  const bins = mempool.feeHistogram();
  const feeRateMin = mempool.feeRateMinPerKvb / 1000;
  return blockCounts.map((blocks) => {
    const outbid = rateBehind(bins, blocks * blockVirtualSizeBytes);
    return { blocks, satoshisPerKilobyte: Math.ceil(Math.max(outbid ?? 0, feeRateMin) * 1000) };
  });
}

/** The fee rate at this depth of the queue; undefined if the queue is shorter. */
function rateBehind(
  bins: readonly (readonly [feeRate: number, virtualSizeBytes: number])[],
  depthBytes: number,
): number | undefined {
  let sizeBytes = 0;
  for (const [feeRate, virtualSizeBytes] of bins) {
    sizeBytes += virtualSizeBytes;
    if (sizeBytes > depthBytes) return feeRate;
  }
  return undefined;
}
