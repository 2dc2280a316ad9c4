/** A thread that runs seeds of chaos for a protocol. */

import { adoptHasher } from "../../../src/io/hashing/hasher-choice.ts";
import { serveTasks } from "../../../src/io/threads/task-worker.ts";
import { protocolNamed } from "../../../src/protocols/catalogue.ts";
import type { Topology } from "../../../src/sim/engine/topology.ts";
import {
  investigateProcessChaos,
  type ProcessChaosReport,
} from "../../../src/sim/process-chaos/chaos.ts";
import { planProcessChaos } from "../../../src/sim/process-chaos/plan.ts";

/** Names, because a protocol cannot be sent to a thread. */
export type ProcessChaosTask = {
  readonly seed: number;
  readonly protocol: string;
  readonly mutant: string | undefined;
  readonly nodes: number;
  readonly topology: Topology | undefined;
};

adoptHasher();

serveTasks<ProcessChaosTask, ProcessChaosReport>(({ seed, protocol, mutant, nodes, topology }) => {
  const entry = protocolNamed(protocol);
  const rules = mutant === undefined ? entry : entry?.mutants.find(({ name }) => name === mutant);
  if (entry === undefined || rules === undefined)
    throw new Error(`there is no ${protocol} ${mutant}`);
  const plan = planProcessChaos(seed, { protocol, nodes, topology });
  return investigateProcessChaos({ plan, entry: { ...entry, protocol: rules.protocol } });
});
