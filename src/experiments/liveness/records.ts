/** What is claimed of progress and of its costs. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import { latencies, messageCounts } from "./costs.ts";
import { safetyFirst } from "./safety-first.ts";
import { endless } from "./schedules.ts";

export const livenessExperiments: readonly ExactExperiment[] = [
  endless,
  latencies,
  messageCounts,
  safetyFirst,
];
