/** Runs batches of trials in real threads. */

import { expect, test } from "vitest";
import { type Batch, batchesOf } from "../../../src/experiments/engine/batch.ts";
import { cellOf } from "../../../src/experiments/engine/experiment.ts";
import type { Tally } from "../../../src/experiments/engine/tally.ts";
import { doubleSpend } from "../../../src/experiments/proof-of-work/double-spend.ts";
import { runTasks } from "../../../src/io/threads/task-pool.ts";

const worker = "bin/commands/experiment/task.worker";
const tasks = batchesOf(cellOf(doubleSpend, { confirmations: 3 }, 14_400), "1");

test("the answers are the same for any number of threads, in the order of the tasks", async () => {
  const alone = await runTasks<Batch, Tally>({ worker, tasks, threads: 1 });
  const progress: number[] = [];
  const onProgress = (answered: number) => progress.push(answered);
  const together = await runTasks<Batch, Tally>({ worker, tasks, threads: 3, onProgress });
  expect(together).toEqual(alone);
  expect(alone.map((tally) => tally?.type === "count" && tally.runs)).toEqual(
    tasks.map(({ count }) => count),
  );
  expect(progress).toEqual(tasks.map((_, position) => position + 1));
});

test("what is known when the signal comes is kept", async () => {
  const interruption = new AbortController();
  const answers = await runTasks<Batch, Tally>({
    worker,
    tasks: batchesOf(cellOf(doubleSpend, { confirmations: 3 }, 10_000_000), "1"),
    threads: 2,
    onProgress: (answered) => {
      if (answered === 3) interruption.abort();
    },
    signal: interruption.signal,
  });
  expect(answers.filter((answer) => answer !== undefined)).toHaveLength(3);
});

test("nothing to do is done at once, and a signal that came before leaves all undone", async () => {
  expect(await runTasks({ worker, tasks: [], threads: 2 })).toEqual([]);
  const answers = await runTasks({ worker, tasks, threads: 2, signal: AbortSignal.abort() });
  expect(answers).toEqual(tasks.map(() => undefined));
});

test("a task that throws ends the run with its error", async () => {
  const bad = { ...tasks[0]!, count: 0 };
  await expect(runTasks({ worker, tasks: [bad], threads: 1 })).rejects.toThrow("runs must be");
});
