/** What came into the mempool last. */

import type { MempoolEntry } from "../../mempool/entry.ts";
import type { Mempool } from "../../mempool/mempool.ts";

/** The newest first. */
export function newestWaiting(mempool: Mempool, countMax: number): MempoolEntry[] {
  return [...mempool.entries()].sort((a, b) => b.position - a.position).slice(0, countMax);
}
