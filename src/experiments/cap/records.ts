/** What is claimed of consistency, availability and partitions. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import { essayConsistency } from "./essay-consistency.ts";
import { healCost } from "./heal.ts";
import { latencyOrConsistency } from "./latency-or-consistency.ts";
import { phaseExperiments } from "./phases.ts";

export const capExperiments: readonly ExactExperiment[] = [
  ...phaseExperiments,
  healCost,
  essayConsistency,
  latencyOrConsistency,
];
