/** A thread that plays seeds of chaos. */

import { serveTasks } from "../../../src/io/threads/task-worker.ts";
import { investigate, type ChaosReport } from "../../../src/sim/chaos/investigate.ts";
import { planChaos, stageChaos } from "../../../src/sim/chaos/plan.ts";
import type { Topology } from "../../../src/sim/topology.ts";

export type ChaosTask = { readonly seed: number; readonly topology: Topology | undefined };

const stage = stageChaos();

serveTasks<ChaosTask, ChaosReport>(({ seed, topology }) => {
  return investigate({ plan: planChaos(seed, topology), stage });
});
