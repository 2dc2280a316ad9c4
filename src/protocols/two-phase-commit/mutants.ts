/** Two-phase commit with one rule replaced, each with what must catch it. */

import type { Mutant } from "../process/protocol.ts";
import { majorityOf } from "../process/quorum.ts";
import { type CommitRules, commitRules } from "./rules.ts";
import { type TwoPhaseCommit, twoPhaseCommit } from "./two-phase-commit.ts";

export type CommitMutant = Mutant & { readonly protocol: TwoPhaseCommit };

export const commitMutants: readonly CommitMutant[] = [
  mutant(
    {
      name: "commits-with-a-majority",
      mistake: "The coordinator commits as soon as a majority of all members said yes.",
      caughtBy: "atomicity",
    },
    { mayCommit: (yes, participants) => yes + 1 >= majorityOf(participants + 1) },
  ),
  mutant(
    {
      name: "decision-in-memory",
      mistake: "The coordinator sends commits that its disk does not hold.",
      caughtBy: "atomicity",
    },
    { writesBeforeCommit: () => [] },
  ),
  mutant(
    {
      name: "vote-in-memory",
      mistake: "A participant sends votes that its disk does not hold.",
      caughtBy: "linearizability",
    },
    { writesBeforeVote: () => [] },
  ),
  mutant(
    {
      name: "presumed-commit",
      mistake: "What the coordinator does not know was committed, though no begin is on its disk.",
      caughtBy: "atomicity",
    },
    { outcomeOfForgotten: () => "commit" },
  ),
  mutant(
    {
      name: "aborts-alone-in-doubt",
      mistake: "A participant that voted yes and waited in vain aborts.",
      caughtBy: "atomicity",
    },
    { outcomeInDoubt: () => "abort" },
  ),
  mutant(
    {
      name: "forgets-before-acknowledgements",
      mistake: "The coordinator forgets a commit once it has sent it.",
      caughtBy: "atomicity",
    },
    { mayForget: () => true },
  ),
];

function mutant(what: Mutant, replaced: Partial<CommitRules>): CommitMutant {
  return { ...what, protocol: twoPhaseCommit({}, { ...commitRules, ...replaced }) };
}
