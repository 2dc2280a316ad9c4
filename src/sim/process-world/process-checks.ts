/** The checks of processes for one run: new ones each time, because they have state. */

import { createAgreement } from "../../checkers/agreement.ts";
import { createAtomicity } from "../../checkers/atomicity.ts";
import { createElectionSafety } from "../../checkers/election-safety.ts";
import { createLeaderAppendOnly } from "../../checkers/leader-append-only.ts";
import { createLeaderCompleteness } from "../../checkers/leader-completeness.ts";
import { createLogMatching } from "../../checkers/log-matching.ts";
import { createNoFork } from "../../checkers/no-fork.ts";
import type { Property } from "../../checkers/property.ts";
import { createStateMachineSafety } from "../../checkers/state-machine-safety.ts";
import { type PromiseName, protocolNamed } from "../../protocols/catalogue.ts";
import type { ProcessCheck } from "./process-check.ts";

const creators: Readonly<Record<PromiseName, () => Property>> = {
  agreement: createAgreement,
  atomicity: () => createAtomicity([]),
  "election-safety": createElectionSafety,
  "leader-append-only": createLeaderAppendOnly,
  "leader-completeness": createLeaderCompleteness,
  "log-matching": createLogMatching,
  "no-fork": createNoFork,
  "state-machine-safety": createStateMachineSafety,
};

/** @param protocol its name, in the catalogue of all. */
export function createProcessChecks(protocol: string): readonly ProcessCheck[] {
  const promises = protocolNamed(protocol)?.promises ?? [];
  return promises.map((promise) => checkOf(creators[promise]()));
}

/**
 * What a process decides counts when it is on its disk: no other process has learned what a crash
 * can undo. Its log counts at once, for the properties of logs allow for a crash.
 */
function checkOf(property: Property): ProcessCheck {
  const { name } = property;
  const isOfDecisions = name === "agreement" || name === "atomicity";
  return {
    name,
    everySteps: 1,
    findViolation(subject) {
      if (!subject.isHonest) return undefined;
      if (isOfDecisions && !subject.isDurable) return undefined;
      return property.findBreach(subject);
    },
  };
}
