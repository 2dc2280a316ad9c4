/** Every protocol while faults go on, and after they have ended: never wrong, and in the end it goes on. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { protocolNamed } from "../../protocols/catalogue.ts";
import { runProcessChaos } from "../../sim/process-chaos/chaos.ts";
import { planProcessChaos } from "../../sim/process-chaos/plan.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly, type Finding } from "../engine/finding.ts";

/** Those that promise safety however late messages are: three-phase commit does not. */
const safe: readonly string[] = [
  ...["single-copy", "two-phase-commit", "two-phase-commit-cooperative"],
  ...["paxos", "ben-or", "multi-paxos", "raft", "pbft"],
];

const parameters = {
  seeds: wholeParameter("schedules of faults for each protocol", { min: 1, max: 500, initial: 20 }),
};

export const safetyFirst = defineExact<typeof parameters>({
  id: "safety-first",
  code: "L6",
  group: "liveness",
  title: "Never wrong, and in the end answered",
  claim: "No fault makes a protocol wrong, and once faults have ended clients are answered.",
  lines: "L383",
  source: "definition: safety always holds, liveness once the network is calm",
  parameters,
  quick: { seeds: 2 },
  examples: [["--seeds 100", "more schedules of faults"]],
  examine: ({ seeds }, seed) => safe.flatMap((name) => findingsOf(name, seeds, seed)),
});

function findingsOf(name: string, seeds: number, seed: string): readonly Finding[] {
  const entry = protocolNamed(name);
  if (entry === undefined) throw new Error(`there is no protocol ${name}`);
  const outcomes = Array.from({ length: seeds }, (_, run) => {
    const options = { protocol: entry.protocol.name, nodes: entry.usualNodes };
    return runProcessChaos({ entry, plan: planProcessChaos(`${seed} ${run}`, options) });
  });
  const failures = outcomes.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  const [fewestFaults, fewestAnswers] = [
    Math.min(...outcomes.map(({ faults }) => faults)),
    Math.min(...outcomes.map(({ answered }) => answered)),
  ];
  return [
    exactly(`${name}: broken promises`, failures[0]?.message ?? "none", "none"),
    atLeast(`${name}: faults in each run`, fewestFaults, 1),
    atLeast(`${name}: requests answered in each run`, fewestAnswers, 1),
  ];
}
