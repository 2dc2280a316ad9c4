/** Every experiment there is: the command line and the report are derived from these lists. */

import { bftExperiments } from "./bft/records.ts";
import { capExperiments } from "./cap/records.ts";
import { checkerExperiments } from "./checkers/records.ts";
import type { ExactExperiment } from "./engine/exact-experiment.ts";
import type { Experiment } from "./engine/experiment.ts";
import { exactGraphExperiments, graphExperiments } from "./graph/records.ts";
import { livenessEstimates, livenessExperiments } from "./liveness/records.ts";
import { paxosExperiments } from "./paxos/records.ts";
import { attempts } from "./proof-of-work/attempts.ts";
import { difficulty } from "./proof-of-work/difficulty.ts";
import { doubleSpend } from "./proof-of-work/double-spend.ts";
import { eclipse } from "./proof-of-work/eclipse.ts";
import { identities } from "./proof-of-work/identities.ts";
import { memory } from "./proof-of-work/memory.ts";
import { overtaking } from "./proof-of-work/overtaking.ts";
import { partition } from "./proof-of-work/partition.ts";
import { selfishMining } from "./proof-of-work/selfish-mining.ts";
import { stale } from "./proof-of-work/stale.ts";
import { throughput } from "./proof-of-work/throughput.ts";
import { exactRaftExperiments, raftExperiments } from "./raft/records.ts";
import { sybilExperiments } from "./sybil/records.ts";
import { exactTimeExperiments, timeExperiments } from "./time/records.ts";
import { commitExperiments } from "./two-phase-commit/records.ts";

/** Those that estimate something in many runs, in the order in which they are listed and reported. */
export const experiments: readonly Experiment[] = [
  doubleSpend,
  selfishMining,
  eclipse,
  partition,
  stale,
  difficulty,
  overtaking,
  attempts,
  memory,
  identities,
  ...graphExperiments,
  ...timeExperiments,
  ...livenessEstimates,
  ...raftExperiments,
];

/** Those whose outcome is exact. */
export const exactExperiments: readonly ExactExperiment[] = [
  ...exactGraphExperiments,
  ...exactTimeExperiments,
  throughput,
  ...commitExperiments,
  ...paxosExperiments,
  ...checkerExperiments,
  ...livenessExperiments,
  ...exactRaftExperiments,
  ...bftExperiments,
  ...sybilExperiments,
  ...capExperiments,
];
