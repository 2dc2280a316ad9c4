/** How many bytes wait at which fee rate. */

import type { MempoolEntry } from "./entry.ts";

/** In satoshis a virtual byte, unlike the policy's rates. */
export type FeeBin = readonly [feeRate: number, virtualSizeBytes: number];

/** @see Esplora's electrs, VSIZE_BIN_WIDTH */
const binSizeBytes = 50_000;

/**
 * Fee rates, the highest first, each with the bytes that pay at least this much and less than
 * the rate before it.
 *
 * @see Esplora, GET /mempool, fee_histogram
 */
export function feeHistogram(entries: Iterable<MempoolEntry>): FeeBin[] {
  const rated = Array.from(entries, ({ fee, virtualSizeBytes }) => {
    return { feeRate: fee / virtualSizeBytes, virtualSizeBytes };
  });
  rated.sort((a, b) => b.feeRate - a.feeRate);
  const bins: FeeBin[] = [];
  let sizeBytes = 0;
  for (const [i, { feeRate, virtualSizeBytes }] of rated.entries()) {
    sizeBytes += virtualSizeBytes;
    const next = rated[i + 1];
    const isFull = sizeBytes > binSizeBytes && next?.feeRate !== feeRate;
    if (next !== undefined && !isFull) continue;
    bins.push([feeRate, sizeBytes]);
    sizeBytes = 0;
  }
  return bins;
}
