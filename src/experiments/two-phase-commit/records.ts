/** What is claimed of two-phase commit. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import { atomicity } from "./atomicity.ts";
import { blocking, recovery, stuckAfterSome } from "./blocking.ts";
import { commitCosts } from "./costs.ts";
import { commitModel, commitProblem } from "./published-models.ts";
import { replicatedCoordinator } from "./replicated.ts";
import { threePhases } from "./three-phases.ts";

export const commitExperiments: readonly ExactExperiment[] = [
  blocking,
  atomicity,
  commitCosts,
  recovery,
  threePhases,
  commitModel,
  commitProblem,
  replicatedCoordinator,
  stuckAfterSome,
];
