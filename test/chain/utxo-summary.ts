/** The hash over all coins of a chain in memory. */

import { coinPrefix } from "../../src/chain/records.ts";
import { UtxoHasher, type UtxoSummary } from "../../src/indexes/utxo-hash.ts";
import type { MemoryStore } from "../../src/sim/engine/memory-store.ts";

export function utxoSummary(store: MemoryStore): UtxoSummary {
  const hasher = new UtxoHasher();
  for (const [key, record] of store.scan(coinPrefix)) hasher.add(key, record);
  return hasher.finish();
}
