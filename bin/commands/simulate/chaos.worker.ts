/** A thread that runs seeds of chaos. */

import { serveTasks } from "../../../src/io/threads/task-worker.ts";
import { type ChaosReport, investigateChaos } from "../../../src/sim/chaos/investigate.ts";
import { planChaos, setUpChaos } from "../../../src/sim/chaos/plan.ts";
import type { ChaosNetwork } from "../../../src/sim/chaos/rules.ts";
import type { Topology } from "../../../src/sim/engine/topology.ts";

export type ChaosTask = {
  readonly seed: number;
  readonly network: ChaosNetwork;
  readonly topology: Topology | undefined;
};

const setups = { regtest: setUpChaos("regtest"), lab: setUpChaos("lab") };

serveTasks<ChaosTask, ChaosReport>(({ seed, network, topology }) => {
  return investigateChaos({ plan: planChaos(seed, topology), setup: setups[network] });
});
