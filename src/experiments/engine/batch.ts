/** Experiments in batches, so that threads can share the work: what a batch is, and how it is run. */

import type { Values } from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import type { Cell, Experiment, RunPortion } from "./experiment.ts";
import type { Tally } from "./tally.ts";

/** Part of a cell, as plain data. Equal batches bring equal tallies, wherever they are run. */
export type Batch = {
  readonly type: "batch";
  /** The experiment's id. */
  readonly id: string;
  readonly values: Values;
  readonly seed: string;
  /** The position of its first unit, and how many there are. */
  readonly first: number;
  readonly count: number;
};

export function batchesOf({ experiment, values, units }: Cell, seed: string): Batch[] {
  const size = experiment.batchUnits(values);
  const batches: Batch[] = [];
  for (let first = 0; first < units; first += size) {
    const count = Math.min(size, units - first);
    batches.push({ type: "batch", id: experiment.id, values, seed, first, count });
  }
  return batches;
}

/** Runs batches of these experiments; what an experiment prepares is made once. */
export class BatchRunner {
  readonly #experiments: ReadonlyMap<string, Experiment>;
  readonly #verifier: SignatureVerifier;
  readonly #runs = new Map<string, RunPortion<Values>>();

  constructor(experiments: readonly Experiment[], verifier: SignatureVerifier) {
    this.#experiments = new Map(experiments.map((experiment) => [experiment.id, experiment]));
    this.#verifier = verifier;
  }

  /** @throws Error if the batch is of an experiment that is not among them. */
  run({ id, values, seed, first, count }: Batch): Tally {
    const random = createRandom(seed, `${id} ${JSON.stringify(values)} from ${first}`);
    return this.#runOf(id)(values, { seed, first, count, random });
  }

  #runOf(id: string): RunPortion<Values> {
    const known = this.#runs.get(id);
    if (known !== undefined) return known;
    const experiment = this.#experiments.get(id);
    if (experiment === undefined) throw new Error(`there is no experiment ${id}`);
    const run = experiment.prepare(this.#verifier);
    this.#runs.set(id, run);
    return run;
  }
}
