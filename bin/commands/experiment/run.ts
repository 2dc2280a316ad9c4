/** Runs plans of experiments in threads: as a whole, or the shard that is this machine's. */

import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { InvalidArgumentError, Option } from "commander";
import {
  outcomeOf,
  type Plan,
  type PlanOutcome,
  tasksOf,
} from "../../../src/experiments/engine/plan.ts";
import {
  encodeShard,
  parseShardPlace,
  positionsOf,
  type ShardPlace,
} from "../../../src/experiments/engine/shard.ts";
import type { Task, TaskResult } from "../../../src/experiments/engine/task.ts";
import { runTasks } from "../../../src/io/threads/task-pool.ts";
import { messageOf } from "../../../src/primitives/error-message.ts";
import { interrupted, interruptionSignal } from "../interruption.ts";
import { CliError, exitCodes, say } from "../output.ts";
import { Progress } from "../progress.ts";

const worker = "bin/commands/experiment/task.worker";

export type ShardFlags = { readonly shard?: ShardPlace; readonly out?: string };

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

export function shardOptions(): readonly Option[] {
  return [
    new Option("--shard <I/N>", "run part I of N only, and write it to --out").argParser(shardFrom),
    new Option("--out <file>", "where the shard is written, for powlab experiment merge"),
  ];
}

function shardFrom(text: string): ShardPlace {
  const place = parseShardPlace(text);
  if (place !== undefined) return place;
  throw new InvalidArgumentError("It must be a part of a number of parts, such as 1/16 or 16/16");
}

/**
 * @param question what makes another run another one.
 * @throws CliError if only one of --shard and --out is there, or the file cannot be written.
 */
export async function runShard(
  question: string,
  plan: Plan,
  { shard, out }: ShardFlags,
  isQuiet: boolean,
): Promise<void> {
  if (shard === undefined || out === undefined) {
    throw new CliError(
      "--shard and --out belong together: which part, and where it goes.",
      exitCodes.usage,
    );
  }
  const tasks = tasksOf(plan);
  const positions = positionsOf(shard, tasks.length);
  const own = positions.flatMap((position) => tasks[position] ?? []);
  const answers = await runAll(own, isQuiet);
  if (answers.includes(undefined)) throw interrupted([]);
  try {
    await writeFile(out, encodeShard({ question, place: shard, tasks: tasks.length, answers }));
  } catch (error) {
    throw new CliError(`The shard cannot be written: ${messageOf(error)}.`, exitCodes.failed);
  }
  say(`Shard ${shard.index}/${shard.count} is in ${out}. With all: powlab experiment merge FILES`);
}
