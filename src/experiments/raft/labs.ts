/** The scenarios of a course's labs, each of which a right Raft must pass. */

import { choiceParameter } from "../../primitives/parameter.ts";
import type { RaftOptions } from "../../protocols/raft/options.ts";
import { findFailure } from "../../sim/engine/promise.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { agreementScenarios, electionScenarios, type LabScenario } from "./lab-agreement.ts";
import { persistenceScenarios, snapshotScenarios } from "./lab-persistence.ts";
import { runService, serviceScenarios } from "./lab-service.ts";
import { LabWorld } from "./lab-world.ts";

const parts = {
  elections: electionScenarios,
  agreement: agreementScenarios,
  persistence: persistenceScenarios,
  snapshots: snapshotScenarios,
} as const;

const parameters = {
  lab: choiceParameter(
    "which of the labs: elections, agreement, persistence, snapshots, service, or all",
    ["all", "elections", "agreement", "persistence", "snapshots", "service"],
    "all",
  ),
};

export const labs = defineExact<typeof parameters>({
  id: "raft-labs",
  code: "R19",
  group: "Raft",
  title: "The labs of a course",
  claim:
    "With elections, logs and a quorum it works through crashes, partitions and lost messages.",
  lines: "L61-111",
  source:
    "named as in MIT's 6.824, labs 2 and 3 (after MadRaft's list); written anew, and so judged",
  parameters,
  quick: { lab: "agreement" },
  examples: [["--lab persistence", "restarts and Figure 8, without the others"]],
  examine: ({ lab }, seed) => [
    ...Object.entries(parts).flatMap(([name, scenarios]) => {
      return lab === "all" || lab === name
        ? scenarios.map((scenario) => scenarioFinding(name, scenario, seed))
        : [];
    }),
    ...(lab === "all" || lab === "service"
      ? serviceScenarios.map((scenario) => {
          return exactly(`service: ${scenario.name}`, runService(scenario, seed), "passes");
        })
      : []),
  ],
});

function scenarioFinding(part: string, scenario: LabScenario, seed: string): Finding {
  return exactly(`${part}: ${scenario.name}`, runScenario(scenario, seed), "passes");
}

/**
 * The five promises are checked after every step, whatever the scenario asks for.
 *
 * @param chosen options of Raft, such as a wrong rule.
 * @returns what is broken, or "passes".
 */
export function runScenario(
  { servers, takesSnapshots, run }: LabScenario,
  seed: string,
  chosen: Partial<RaftOptions> = {},
): string {
  const raft = { ...(takesSnapshots && { snapshotEvery: 10, entriesKept: 2 }), ...chosen };
  return findFailure(() => run(new LabWorld({ servers, seed, raft })))?.message ?? "passes";
}
