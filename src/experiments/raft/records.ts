/** What is claimed of Raft, as records that can be run. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import type { Experiment } from "../engine/experiment.ts";
import { cost } from "./cost.ts";
import { isolatedLeader, lostMajority, minorityLeader, returningFollower } from "./faults.ts";
import { figure8, logRepair } from "./figures.ts";
import { firstTimeout } from "./first-timeout.ts";
import { labs } from "./labs.ts";
import { logMatching, mutantRecords } from "./mutants.ts";
import { staleReads } from "./old-leader.ts";
import { retries } from "./retries.ts";
import { scripts } from "./scripts.ts";
import { snapshots } from "./snapshots.ts";
import { splitVotes, variableLatency } from "./split-votes.ts";
import { timeoutRanges } from "./time-out-ranges.ts";
import { wideArea } from "./wide-area.ts";

/** Those that estimate something in many runs. */
export const raftExperiments: readonly Experiment[] = [splitVotes, variableLatency, firstTimeout];

/** Those whose outcome is exact. */
export const exactRaftExperiments: readonly ExactExperiment[] = [
  ...[timeoutRanges, wideArea],
  ...[logMatching, figure8, logRepair],
  ...[minorityLeader, staleReads, lostMajority, returningFollower, isolatedLeader],
  ...[retries, cost, snapshots, scripts, labs],
  ...mutantRecords,
];
