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
  readonly seeds: SeedRange;
  readonly flags: SeedsOptions;
  /** Where the worker is that runs a task. */
  readonly worker: string;
  readonly taskOf: (seed: number) => Task;
};

/** With --fail-fast, failures are looked for after so many seeds. */
const batchLength = 16;

/** In the order of the seeds; after Ctrl-C those that are known by then. */
export async function runSeeds<Task, R extends Report<SeedOutcome, AnyFault>>({
  seeds: { first, last },
  flags,
  worker,
  taskOf,
}: SeedsRun<Task>): Promise<readonly R[]> {
  const { runTasks } = await import("../../../src/io/threads/task-pool.ts");
  const signal = interruptionSignal();
  const count = last - first + 1;
  const progress = new Progress("chaos", count, flags.quiet === true);
  const reports: R[] = [];
  while (reports.length < count && !signal.aborted) {
    const begin = first + reports.length;
    const length = flags.failFast ? Math.min(batchLength, count - reports.length) : count;
    const tasks = Array.from({ length }, (_, position) => taskOf(begin + position));
    const answers = await runTasks<Task, R>({
      worker,
      tasks,
      threads: flags.threads,
      onProgress: (answered) => progress.show(begin - first + answered),
      signal,
    });
    reports.push(...answers.filter((answer) => answer !== undefined));
    if (flags.failFast && reports.some(({ outcome }) => outcome.failure)) break;
  }
  progress.clear();
  return reports;
}

/** Everything that it takes to see the failure again. */
export function sayFailure<F extends AnyFault>(
  { outcome, shortest }: Report<SeedOutcome, F>,
  describe: (fault: F) => string,
): void {
  const { seed, failure } = outcome;
  if (failure === undefined || shortest === undefined) return;
  say(`seed ${seed} breaks "${failure.promise}": ${failure.message}`);
  say(
    `  the shortest schedule that still does has ${shortest.length} of ${outcome.faults} faults:`,
  );
  for (const fault of shortest) say(`  ${describeAppointment(fault, describe)}`);
  say(`  for --seed ${seed} --faults: ${JSON.stringify(shortest)}`);
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
