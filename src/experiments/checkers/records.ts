/** What is claimed of consistency, and judged by the check of linearizability. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import { foreignForms } from "./formats.ts";
import { judgedHistories, manyClients } from "./histories.ts";
import { copies, quorumReads } from "./registers.ts";

export const checkerExperiments: readonly ExactExperiment[] = [
  ...[copies, quorumReads],
  ...[judgedHistories, manyClients, foreignForms],
];
