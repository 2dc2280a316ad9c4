/** The explorer over the published models of two-phase commit: as many states as TLC counts. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { compareWithPublished } from "../explored/published.ts";

const parameters = {
  managers: wholeParameter("resource managers", { min: 1, max: 6, initial: 3 }),
};

const shared = {
  group: "two-phase commit",
  lines: "L52",
  parameters,
} as const;

export const commitModel = defineExact<typeof parameters>({
  ...shared,
  id: "commit-model",
  code: "T6",
  title: "The published model of two-phase commit",
  claim: "Gray and Lamport's two-phase commit has as many states here as others count.",
  source: "TLC, tlaplus/Examples; for 5 managers Stateright, for 6 TwoPhase.tla",
  examples: [["--managers 5", "8,832 states, as Stateright counts"]],
  examine: (values) => compareWithPublished("gray-lamport-commit", values),
});

export const commitProblem = defineExact<typeof parameters>({
  ...shared,
  id: "commit-problem",
  code: "T7",
  title: "The problem itself",
  claim: "What every commit protocol must do has as many states here as TLC counts.",
  source: "TLC, tlaplus/Examples (TCommit)",
  examples: [["--managers 5", "more managers"]],
  examine: (values) => compareWithPublished("transaction-commit", values),
});
