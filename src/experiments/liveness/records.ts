/** What is claimed of progress and of its costs. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import type { Experiment } from "../engine/experiment.ts";
import { coinRounds } from "./coin-rounds.ts";
import { coins } from "./coins.ts";
import { latencies, messageCounts } from "./costs.ts";
import { safetyFirst } from "./safety-first.ts";
import { endless } from "./schedules.ts";

/** Those that estimate something in many runs. */
export const livenessEstimates: readonly Experiment[] = [coinRounds];

/** Those whose outcome is exact. */
export const livenessExperiments: readonly ExactExperiment[] = [
  endless,
  latencies,
  messageCounts,
  safetyFirst,
  coins,
];
