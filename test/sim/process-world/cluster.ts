/** A cluster of processes for tests: linked with all others, 10 ms one way, disks without delay. */

import { createRandom } from "../../../src/primitives/random.ts";
import { protocolNamed } from "../../../src/protocols/catalogue.ts";
import { edgesOf } from "../../../src/sim/engine/topology.ts";
import type { ProcessNetwork } from "../../../src/sim/process-world/process-world.ts";

export function networkOf(count: number, latencyMinMs = 10): ProcessNetwork {
  const edges = edgesOf({ type: "complete" }, count, createRandom(1));
  const names = Array.from({ length: count }, (_, at) => `n${at + 1}`);
  const conditions = edges.map(() => ({ latencyMinMs, jitterMs: 0, loss: 0 }));
  return { names, edges, conditions };
}

/** @throws Error if the catalogue has no such protocol. */
export function entryOf(name: string) {
  const entry = protocolNamed(name);
  if (entry === undefined) throw new Error(`there is no protocol ${name}`);
  return entry;
}
