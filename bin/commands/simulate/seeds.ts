/** Runs of many seeds on all processors, and the report of those that fail. */

import { InvalidArgumentError } from "commander";
import { type AnyFault, describeAppointment } from "../../../src/sim/engine/faults.ts";
import type { Report } from "../../../src/sim/engine/investigate.ts";
import type { Failure } from "../../../src/sim/engine/promise.ts";
import { interruptionSignal } from "../interruption.ts";
import { CliError, exitCodes, say } from "../output.ts";
import { Progress } from "../progress.ts";

export type SeedRange = { readonly first: number; readonly last: number };

export type SeedsOptions = {
  readonly threads: number;
  readonly failFast?: true;
  readonly quiet?: true;
};

/** What every run of chaos knows at its end. */
export type SeedOutcome = {
  readonly seed: number | string;
  readonly failure: Failure | undefined;
  readonly faults: number;
};

export type SeedsRun<Task> = {
  readonly tasks: readonly Task[];
  readonly flags: SeedsOptions;
  /** Where the worker is that runs a task. */
  readonly worker: string;
};

/** With --fail-fast, failures are looked for after so many runs. */
const batchLength = 16;

/** In the order of the tasks; after Ctrl-C those that are known by then. */
export async function runSeeds<Task, R extends Report<SeedOutcome, AnyFault>>({
  tasks,
  flags,
  worker,
}: SeedsRun<Task>): Promise<readonly R[]> {
  const { runTasks } = await import("../../../src/io/threads/task-pool.ts");
  const signal = interruptionSignal();
  const progress = new Progress("chaos", tasks.length, flags.quiet === true);
  const reports: R[] = [];
  while (reports.length < tasks.length && !signal.aborted) {
    const begin = reports.length;
    const answers = await runTasks<Task, R>({
      worker,
      tasks: flags.failFast ? tasks.slice(begin, begin + batchLength) : tasks,
      threads: flags.threads,
      onProgress: (answered) => progress.show(begin + answered),
      signal,
    });
    reports.push(...answers.filter((answer) => answer !== undefined));
    if (flags.failFast && reports.some(({ outcome }) => outcome.failure)) break;
  }
  progress.clear();
  return reports;
}

/** All seeds of a range. */
export function seedsOf({ first, last }: SeedRange): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, position) => first + position);
}

/**
 * Everything that it takes to see the failure again.
 *
 * @param options of the command besides the seed and the faults, such as `--network lab`.
 */
export function sayFailure<F extends AnyFault>(
  { outcome, shortest }: Report<SeedOutcome, F>,
  options: string,
  describe: (fault: F) => string,
): void {
  const { seed, failure } = outcome;
  if (failure === undefined || shortest === undefined) return;
  say(`seed ${seed} with ${options} breaks "${failure.promise}": ${failure.message}`);
  say(
    `  the shortest schedule that still does has ${shortest.length} of ${outcome.faults} faults:`,
  );
  for (const fault of shortest) say(`  ${describeAppointment(fault, describe)}`);
  say(`  for ${options} --seed ${seed} --faults: ${JSON.stringify(shortest)}`);
}

export function brokenPromises(count: number): CliError {
  const subject = count === 1 ? "A run" : `${count} runs`;
  return new CliError(`${subject} broke a promise: a bug of ours.`, exitCodes.unexpected);
}

const seedsMax = 1_000_000;

export function parseRange(text: string): SeedRange {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (first <= last && last - first < seedsMax) return { first, last };
  throw new InvalidArgumentError(
    "It must be two whole numbers, the smaller first, such as 1..1000",
  );
}
