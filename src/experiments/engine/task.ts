/** What a thread does at a time: a batch of an estimate, or an exact experiment as a whole. */

import type { SignatureVerifier } from "../../primitives/signature.ts";
import { type Batch, BatchRunner } from "./batch.ts";
import type { ExactExperiment, Examination } from "./exact-experiment.ts";
import type { Experiment } from "./experiment.ts";
import type { Finding } from "./finding.ts";
import type { Tally } from "./tally.ts";

export type Task = Batch | Examination;

/** Plain data: it comes from other threads and other machines. */
export type TaskResult =
  Tally | { readonly type: "findings"; readonly findings: readonly Finding[] };

export class TaskRunner {
  readonly #batches: BatchRunner;
  readonly #exact: ReadonlyMap<string, ExactExperiment>;

  constructor(
    experiments: readonly Experiment[],
    exact: readonly ExactExperiment[],
    verifier: SignatureVerifier,
  ) {
    this.#batches = new BatchRunner(experiments, verifier);
    this.#exact = new Map(exact.map((experiment) => [experiment.id, experiment]));
  }

  /** @throws Error if there is no such experiment. */
  run(task: Task): TaskResult {
    if (task.type === "batch") return this.#batches.run(task);
    const experiment = this.#exact.get(task.id);
    if (experiment === undefined) throw new Error(`there is no experiment ${task.id}`);
    return { type: "findings", findings: experiment.examine(task.values, task.seed) };
  }
}
