/** The checks of processes for one run: new ones each time, because they have state. */

import { createAgreement } from "../../checkers/agreement.ts";
import { createAtomicity } from "../../checkers/atomicity.ts";
import { createElectionSafety } from "../../checkers/election-safety.ts";
import { createLeaderAppendOnly } from "../../checkers/leader-append-only.ts";
import { createLeaderCompleteness } from "../../checkers/leader-completeness.ts";
import { createLogMatching } from "../../checkers/log-matching.ts";
import type { Property } from "../../checkers/property.ts";
import { createStateMachineSafety } from "../../checkers/state-machine-safety.ts";
import type { ProcessCheck } from "./process-check.ts";

const ofTransactions = [() => createAtomicity([]), createAgreement];

/**
 * What each protocol promises of its processes, besides what clients see of it. Paxos has several
 * proposers in a round, and Multi-Paxos no order in a log, so Raft's properties are its own.
 */
const promisesOf: Readonly<Record<string, readonly (() => Property)[]>> = {
  "two-phase-commit": ofTransactions,
  "two-phase-commit-cooperative": ofTransactions,
  "three-phase-commit": ofTransactions,
  paxos: [createAgreement],
  "multi-paxos": [createStateMachineSafety],
  raft: [
    createElectionSafety,
    createLeaderAppendOnly,
    createLogMatching,
    createLeaderCompleteness,
    createStateMachineSafety,
  ],
};

/** @param protocol its name. */
export function createProcessChecks(protocol: string): readonly ProcessCheck[] {
  const own = Object.hasOwn(promisesOf, protocol) ? promisesOf[protocol] : undefined;
  return (own ?? []).map((create) => checkOf(create()));
}

/**
 * What a process decides counts when it is on its disk: what a crash can undo no other process has learned.
 * Its log counts at once, for the properties of logs allow for a crash.
 */
function checkOf(property: Property): ProcessCheck {
  const { name } = property;
  const isOfDecisions = name === "agreement" || name === "atomicity";
  return {
    name,
    everySteps: 1,
    findViolation(subject) {
      return isOfDecisions && !subject.isDurable ? undefined : property.findBreach(subject);
    },
  };
}
