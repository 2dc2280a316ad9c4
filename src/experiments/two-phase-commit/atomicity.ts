/** Two-phase commit with a crash at every point and every message lost, late or doubled. */

import { keyValueObject, writeAndRead } from "../../explorer/processes/client-requests.ts";
import {
  agreement,
  linearizable,
  type SnapshotPromise,
} from "../../explorer/processes/promises.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { commitMutants } from "../../protocols/two-phase-commit/mutants.ts";
import { twoPhaseCommit } from "../../protocols/two-phase-commit/two-phase-commit.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly, type Finding } from "../engine/finding.ts";
import { brokenIn, exploreProtocol } from "../explored/explored-protocol.ts";

const parameters = {
  participants: wholeParameter("participants beside the coordinator", {
    min: 1,
    max: 3,
    initial: 3,
  }),
  crashes: wholeParameter("crashes at most", { min: 0, max: 2, initial: 2 }),
  timeouts: wholeParameter("timers that fire at most", { min: 0, max: 2, initial: 2 }),
};

export const atomicity = defineExact<typeof parameters>({
  id: "atomicity",
  code: "T2",
  group: "two-phase commit",
  title: "All or none",
  claim: "Whatever crashes or is lost, no process commits what another one aborts.",
  lines: "L52",
  source: "AC1 to AC5 (Bernstein, Hadzilacos and Goodman 1987); every state is looked at",
  parameters,
  quick: { crashes: 1, timeouts: 1 },
  examples: [["--participants 1 --crashes 2", "one participant"]],
  examine: (values) => [
    ...keptFindings("waits", twoPhaseCommit(), values),
    ...keptFindings("asks others", twoPhaseCommit({ termination: "ask-others" }), values),
    mistakeFinding(values),
  ],
});

type Chosen = {
  readonly participants: number;
  readonly crashes: number;
  readonly timeouts: number;
};

function search(protocol: Protocol, { participants, crashes, timeouts }: Chosen) {
  const nodes = participants + 1;
  return exploreProtocol({
    protocol,
    nodes,
    faults: { crashes, timeouts },
    eraMax: 2,
    requests: writeAndRead(1, nodes),
    promises: [agreement, linearizable(keyValueObject)],
    goals: [everyOne("commit"), everyOne("abort")],
  });
}

function everyOne(outcome: string): SnapshotPromise {
  return {
    name: `all ${outcome}`,
    holds: ({ views }) => {
      return views.every(({ decisions }) => Object.values(decisions).includes(outcome));
    },
  };
}

function keptFindings(who: string, protocol: Protocol, values: Chosen): readonly Finding[] {
  const exploration = search(protocol, values);
  const outcomes = exploration.goals.map(({ name }) => name).sort();
  return [
    exactly(`${who}: how the search ended`, exploration.ending ?? "not yet", "complete"),
    exactly(`${who}: promises that are broken`, brokenIn(exploration), "none"),
    atLeast(`${who}: states`, exploration.counts.unique, 10),
    exactly(`${who}: all commit in some state`, outcomes.includes("all commit"), true),
  ];
}

/** The search is not blind: it finds a planted mistake. */
function mistakeFinding(values: Chosen): Finding {
  const mutant = commitMutants.find(({ name }) => name === "aborts-alone-in-doubt");
  if (mutant === undefined) throw new Error("there is no such mutant");
  const exploration = search(mutant.protocol, { ...values, crashes: 1, timeouts: 1 });
  return exactly(
    "aborts alone in doubt: atomicity is broken",
    brokenIn(exploration).includes(agreement.name),
    true,
  );
}
