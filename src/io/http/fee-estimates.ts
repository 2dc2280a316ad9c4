/** What a transaction should pay to be mined soon, judged by what waits. */

import type { FeeEstimatesJson } from "../../contract/node-api.ts";
import type { Mempool } from "../../mempool/mempool.ts";

/** @see electrs, CONF_TARGETS */
const targets = [...Array.from({ length: 25 }, (_, i) => i + 1), 144, 504, 1008];
const blockVirtualSizeBytes = 1_000_000;

/** For each number of blocks the fee rate that outbids whatever does not fit in so many. */
export function feeEstimates(mempool: Mempool): FeeEstimatesJson {
  const bins = mempool.feeHistogram();
  const feeRateMin = mempool.feeRateMinPerKvb / 1000;
  const rates = targets.map((target) => {
    const outbid = rateBehind(bins, target * blockVirtualSizeBytes);
    return [target, rounded(Math.max(outbid ?? 0, feeRateMin))];
  });
  return Object.fromEntries(rates) as FeeEstimatesJson;
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

function rounded(feeRate: number): number {
  return Math.ceil(feeRate * 1000) / 1000;
}
