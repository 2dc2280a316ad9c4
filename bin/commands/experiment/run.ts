/** Runs plans of experiments in threads: as a whole, or the shard that is this machine's. */

import { availableParallelism } from "node:os";
import {
  outcomeOf,
  type Plan,
  type PlanOutcome,
  tasksOf,
} from "../../../src/experiments/engine/plan.ts";
import type { Task, TaskResult } from "../../../src/experiments/engine/task.ts";
import { runTasks } from "../../../src/io/threads/task-pool.ts";
import { interrupted, interruptionSignal } from "../interruption.ts";
import { Progress } from "../progress.ts";
import { type ShardFlags, writeShard } from "../shard-files.ts";

const worker = "bin/commands/experiment/task.worker";
export const mergeCommand = "powlab experiment merge";

export async function runPlan(plan: Plan, isQuiet: boolean): Promise<PlanOutcome> {
  return outcomeOf(plan, await runAll(tasksOf(plan), isQuiet));
}

async function runAll(
  tasks: readonly Task[],
  isQuiet: boolean,
): Promise<readonly (TaskResult | undefined)[]> {
  const progress = new Progress("experiment", tasks.length, isQuiet);
  const answers = await runTasks<Task, TaskResult>({
    worker,
    tasks,
    threads: availableParallelism(),
    onProgress: (answered) => progress.show(answered),
    signal: interruptionSignal(),
  });
  progress.clear();
  return answers;
}

/** @param question what makes another run another one. */
export async function runShard(
  question: string,
  plan: Plan,
  flags: Required<ShardFlags>,
  isQuiet: boolean,
): Promise<void> {
  const answer = async (tasks: readonly Task[]) => {
    const answers = await runAll(tasks, isQuiet);
    const known = answers.filter((each) => each !== undefined);
    if (known.length < tasks.length) throw interrupted([]);
    return known;
  };
  await writeShard({ question, tasks: tasksOf(plan), answer, merge: mergeCommand }, flags);
}
