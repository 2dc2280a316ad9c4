/** A thread that plays one seed of chaos after the other, as they are handed to it. */

import { parentPort, workerData } from "node:worker_threads";
import { investigate } from "../../src/sim/chaos/investigate.ts";
import { planChaos, stageChaos } from "../../src/sim/chaos/plan.ts";
import type { Topology } from "../../src/sim/topology.ts";

const { topology } = workerData as { readonly topology: Topology | undefined };
const stage = stageChaos();

parentPort?.on("message", (seed: number) => {
  parentPort?.postMessage(investigate({ plan: planChaos(seed, topology), stage }));
});
