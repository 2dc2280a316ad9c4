/** A thread that runs seeds of chaos. */

import { serveTasks } from "../../../src/io/threads/task-worker.ts";
import { type ChaosReport, investigateChaos } from "../../../src/sim/chaos/investigate.ts";
import { planChaos, setUpChaos } from "../../../src/sim/chaos/plan.ts";
import type { Topology } from "../../../src/sim/engine/topology.ts";

export type ChaosTask = { readonly seed: number; readonly topology: Topology | undefined };

const setup = setUpChaos();

serveTasks<ChaosTask, ChaosReport>(({ seed, topology }) => {
  return investigateChaos({ plan: planChaos(seed, topology), setup });
});
