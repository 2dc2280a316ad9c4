/** Three-phase commit with one rule replaced, each with what must catch it. */

import type { Mutant } from "../process/protocol.ts";
import { type ThreePhaseRules, threePhaseRules } from "./rules.ts";
import { type ThreePhaseCommit, threePhaseCommit } from "./three-phase-commit.ts";

export type ThreePhaseMutant = Mutant & { readonly protocol: ThreePhaseCommit };

export const threePhaseMutants: readonly ThreePhaseMutant[] = [
  mutant(
    {
      name: "decides-alone-when-late",
      mistake:
        "Silence makes a member abort if it voted and commit if it is pre-committed, without asking.",
      caughtBy: "atomicity",
    },
    { outcomeAlone: (stage) => (stage === "pre-committed" ? "commit" : "abort") },
  ),
  mutant(
    {
      name: "aborts-what-is-pre-committed",
      mistake: "The member that takes over commits only if another one has committed.",
      caughtBy: "atomicity",
    },
    {
      outcomeOf: (collected) => {
        return collected.some(({ stage }) => stage === "commit") ? "commit" : "abort";
      },
    },
  ),
];

function mutant(what: Mutant, replaced: Partial<ThreePhaseRules>): ThreePhaseMutant {
  return { ...what, protocol: threePhaseCommit({}, { ...threePhaseRules, ...replaced }) };
}
