/** Runs the cells of experiments in threads, with progress, until the end or Ctrl-C. */

import { availableParallelism } from "node:os";
import { type Batch, batchesOf } from "../../../src/experiments/engine/batch.ts";
import { type Cell, resultOf } from "../../../src/experiments/engine/experiment.ts";
import type { Result } from "../../../src/experiments/engine/result.ts";
import type { Tally } from "../../../src/experiments/engine/tally.ts";
import { runTasks } from "../../../src/io/threads/task-pool.ts";
import { interruptionSignal } from "../interruption.ts";
import { Progress } from "../progress.ts";

const worker = "bin/commands/experiment/batch.worker";

export type ExperimentRun = {
  /** In the order of the cells; those of which nothing is known are left out. */
  readonly results: readonly Result[];
  readonly isInterrupted: boolean;
};

export async function runCells(
  cells: readonly Cell[],
  { seed, quiet }: { readonly seed: string; readonly quiet?: true },
): Promise<ExperimentRun> {
  const jobs = cells.map((cell) => batchesOf(cell, seed));
  const tasks = jobs.flat();
  const progress = new Progress("experiment", tasks.length, quiet === true);
  const tallies = await runTasks<Batch, Tally>({
    worker,
    tasks,
    threads: availableParallelism(),
    onProgress: (answered) => progress.show(answered),
    signal: interruptionSignal(),
  });
  progress.clear();
  const results: Result[] = [];
  let next = 0;
  for (const [position, cell] of cells.entries()) {
    const length = jobs[position]?.length ?? 0;
    const known = tallies.slice(next, next + length).filter((tally) => tally !== undefined);
    next += length;
    if (known.length > 0) results.push(resultOf(cell, known));
  }
  return { results, isInterrupted: tallies.includes(undefined) };
}
