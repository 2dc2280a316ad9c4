/** What is claimed of Paxos. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import { flexibleQuorums, majorities } from "./quorums.ts";
import { memoryOnly, paxosSafety, persistence } from "./safety.ts";
import { comparisons, truthiness } from "./slips.ts";

export const paxosExperiments: readonly ExactExperiment[] = [
  paxosSafety,
  persistence,
  majorities,
  flexibleQuorums,
  truthiness,
  memoryOnly,
  comparisons,
];
