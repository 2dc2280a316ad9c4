/** What is claimed of Raft, as records that can be run. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import type { Experiment } from "../engine/experiment.ts";
import { firstTimeout } from "./first-timeout.ts";
import { splitVotes, variableLatency } from "./split-votes.ts";
import { timeoutRanges } from "./time-out-ranges.ts";
import { wideArea } from "./wide-area.ts";

export const raftExperiments: readonly Experiment[] = [splitVotes, variableLatency, firstTimeout];

export const exactRaftExperiments: readonly ExactExperiment[] = [timeoutRanges, wideArea];
