/** What is claimed of Paxos. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import { duel } from "./duel.ts";
import { gaps } from "./gaps.ts";
import { asksMajorityOnly, ballotsWin, distinguished } from "./proposals.ts";
import { actorModel, lamportModel } from "./published-models.ts";
import { flexibleQuorums, majorities } from "./quorums.ts";
import { memoryOnly, paxosSafety, persistence } from "./safety.ts";
import { comparisons, truthiness } from "./slips.ts";

export const paxosExperiments: readonly ExactExperiment[] = [
  paxosSafety,
  ballotsWin,
  duel,
  distinguished,
  persistence,
  majorities,
  lamportModel,
  actorModel,
  gaps,
  flexibleQuorums,
  asksMajorityOnly,
  truthiness,
  memoryOnly,
  comparisons,
];
