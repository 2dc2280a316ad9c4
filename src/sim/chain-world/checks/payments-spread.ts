/**
 * What waits anywhere is soon known to all: a payment that one node holds, and its neighbour could
 * take, reaches the neighbour. A tip that moves to another branch gives back payments that no other
 * node may have, so gossip alone, once, is not enough.
 *
 * A neighbour need not have it where it holds a rival of it, lacks a parent that it refused, has
 * too long a chain there already, or asks for a higher fee, as one does whose mempool is full.
 */

import type { MempoolEntry } from "../../../mempool/entry.ts";
import { feeFor } from "../../../mempool/fee-rate.ts";
import type { Subject } from "./check.ts";
import { mayWait } from "./may-wait.ts";

/** What one node still has to tell another of, or undefined. Both must be at one tip. */
export function findUntold(from: Subject, to: Subject): string | undefined {
  for (const entry of from.node.mempool.entries()) {
    if (!paysEnough(entry, to) || !mayWait(entry.transaction, to)) continue;
    return `payment ${entry.txid} waits at ${from.name}, and ${to.name} does not know it`;
  }
  return undefined;
}

function paysEnough({ fee, virtualSizeBytes }: MempoolEntry, { node }: Subject): boolean {
  return fee >= feeFor(node.mempool.feeRateMinPerKvb, virtualSizeBytes);
}
