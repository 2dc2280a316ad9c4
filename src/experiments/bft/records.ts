/** What is claimed of Byzantine fault tolerance. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import { equalAnswers } from "./answers.ts";
import { byzantineAndFaults } from "./byzantine-and-faults.ts";
import { checkpoints } from "./checkpoints.ts";
import {
  bftAgainstCrashes,
  bftMessages,
  prepareCounts,
  tooManyPrepares,
  viewChanges,
} from "./costs.ts";
import { majorityQuorum, tooFewReplicas, tooManyByzantine } from "./forks.ts";
import { forgery, preparesReveal, thirdPhase } from "./phases.ts";
import { exactOverlap, quorumArithmetic } from "./quorums.ts";
import { twinsRecord } from "./twins.ts";

export const bftExperiments: readonly ExactExperiment[] = [
  quorumArithmetic,
  byzantineAndFaults,
  tooManyByzantine,
  tooFewReplicas,
  preparesReveal,
  thirdPhase,
  bftMessages,
  prepareCounts,
  forgery,
  twinsRecord,
  equalAnswers,
  viewChanges,
  checkpoints,
  bftAgainstCrashes,
  majorityQuorum,
  tooManyPrepares,
  exactOverlap,
];
