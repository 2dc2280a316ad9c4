/** What goes when more is waiting than there is room for. */

import type { LinkedEntry } from "./entry.ts";
import { feeRateOf } from "./fee-rate.ts";
import type { Graph } from "./graph.ts";

export type Eviction = {
  readonly entries: readonly LinkedEntry[];
  /** The best fee rate of a package that had to go; undefined if none had to. */
  readonly feeRateMax: number | undefined;
};

/** Removes the cheapest packages until the rest is at most `virtualSizeBytesMax`. */
export function evictCheapest(graph: Graph, virtualSizeBytesMax: number): Eviction {
  const entries: LinkedEntry[] = [];
  const feeRates: number[] = [];
  while (graph.virtualSizeBytes > virtualSizeBytesMax) {
    const cheapest = graph.cheapest();
    if (cheapest === undefined) throw new Error("an empty mempool is too large");
    const { fees, virtualSizeBytes } = cheapest.descendants;
    feeRates.push(feeRateOf(fees, virtualSizeBytes));
    entries.push(...graph.removeWithDescendants([cheapest]));
  }
  return { entries, feeRateMax: feeRates.length > 0 ? Math.max(...feeRates) : undefined };
}
