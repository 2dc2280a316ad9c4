/** Experiments that are run many times: in threads, with progress, and their results in print. */

import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import type { Experiment, Result } from "../../src/experiments/experiment.ts";
import type { Results } from "../../src/experiments/report.ts";
import type { Sheet } from "../../src/experiments/sheet.ts";
import type { Tally } from "../../src/experiments/tally.ts";
import type { Batch } from "../../src/experiments/trial.ts";
import { CliError, exitCodes, say, untilInterrupted, write, writeJson } from "./output.ts";
import { Progress } from "./progress.ts";
import { formatFacts, formatTable } from "./table.ts";

export type ExperimentFlags = {
  readonly seed?: string;
  readonly json?: true;
  readonly csv?: true;
  readonly html?: string;
  readonly quiet?: true;
};

export const defaultSeed = "1";
const worker = "bin/commands/trial.worker";
/** Even among a hundred estimates, one so many standard errors off is no accident. */
const scoreMax = 4;

/** `--seed` and `--json` are each command's own: they mean something for live attacks, too. */
export function withExperimentOptions(command: Command): Command {
  return command
    .option("--csv", "write comma-separated values")
    .option("--quiet", "no progress bar");
}

/** For experiments that have a section in the report. */
export function withReportOption(command: Command): Command {
  return command.option(
    "--html <file>",
    "write a page with tables and plots that needs no network",
  );
}

export type ExperimentRun = {
  /** In the order of the experiments; those of which nothing is known are left out. */
  readonly results: readonly Result[];
  readonly isInterrupted: boolean;
};

/** Plays all batches of all experiments; after Ctrl-C, what is known by then counts. */
export async function runExperiments(
  what: string,
  experiments: readonly Experiment[],
  { seed = defaultSeed, quiet }: ExperimentFlags,
): Promise<ExperimentRun> {
  const { runTasks } = await import("../../src/io/threads/task-pool.ts");
  const { batchesOf } = await import("../../src/experiments/trial.ts");
  const { resultOf } = await import("../../src/experiments/experiment.ts");
  const jobs = experiments.map(({ trial, units }) => batchesOf(trial, seed, units));
  const tasks = jobs.flat();
  const interruption = new AbortController();
  void untilInterrupted().then(() => interruption.abort());
  const progress = new Progress(what, tasks.length, quiet === true);
  const tallies = await runTasks<Batch, Tally>({
    worker,
    tasks,
    threads: availableParallelism(),
    onProgress: (answered) => progress.show(answered),
    signal: interruption.signal,
  });
  progress.clear();
  const results: Result[] = [];
  let next = 0;
  for (const [position, experiment] of experiments.entries()) {
    const length = jobs[position]?.length ?? 0;
    const known = tallies.slice(next, next + length).filter((tally) => tally !== undefined);
    next += length;
    if (known.length > 0) results.push(resultOf(experiment, known));
  }
  return { results, isInterrupted: tallies.includes(undefined) };
}

/** Prints one result, or all of a table. */
export async function printSingle(
  attack: string,
  run: ExperimentRun,
  flags: ExperimentFlags,
): Promise<void> {
  const { csvOf, jsonOf, sheetOf } = await import("../../src/experiments/sheet.ts");
  const [result] = run.results;
  if (result === undefined) throw interrupted(run);
  const { seed = defaultSeed } = flags;
  if (flags.csv) write(csvOf(run.results));
  else if (flags.json) writeJson({ attack, seed, ...jsonOf(result), ...partialOf(run) });
  else {
    const { columns, rows } = sheetOf("", run.results);
    write(formatFacts(Object.fromEntries(columns.map((name, at) => [name, rows[0]?.[at] ?? ""]))));
  }
  judge(run);
}

/** Programs should not take a part for the whole. */
export function partialOf({ isInterrupted }: Pick<ExperimentRun, "isInterrupted">): {
  readonly interrupted?: true;
} {
  return isInterrupted ? { interrupted: true } : {};
}

export type TablePrint = {
  readonly attack: string;
  readonly run: ExperimentRun;
  /** As the report wants them. */
  readonly results: Results;
  /** Figures without runs, beside the table. */
  readonly extras?: readonly Sheet[];
};

export async function printTable(
  { attack, run, results, extras = [] }: TablePrint,
  flags: ExperimentFlags,
): Promise<void> {
  if (run.results.length === 0) throw interrupted(run);
  const { csvOf, jsonOf, sheetOf } = await import("../../src/experiments/sheet.ts");
  const { seed = defaultSeed } = flags;
  if (flags.csv) write(csvOf(run.results));
  else if (flags.json)
    writeJson({ attack, seed, rows: run.results.map(jsonOf), extras, ...partialOf(run) });
  else {
    for (const sheet of [sheetOf(`${attack}, seed ${seed}`, run.results), ...extras]) {
      write(`${sheet.title}\n${formatSheet(sheet)}\n`);
    }
  }
  if (flags.html !== undefined) await writeReport(flags.html, results, seed);
  judge(run);
}

export async function writeReport(path: string, results: Results, seed: string): Promise<void> {
  const { formatReport, sectionsOf } = await import("../../src/experiments/report.ts");
  const footer = `Made by powlab with seed ${seed}: the same seed gives the same page.`;
  try {
    await writeFile(path, formatReport(sectionsOf(results), footer));
  } catch (error) {
    throw new CliError(`The report cannot be written to ${path}.`, exitCodes.failed, {
      cause: error,
    });
  }
  say(`The report is in ${path}: open it in a browser.`);
}

/** @throws CliError if the run was broken off, or strays from theory. */
export function judge(run: ExperimentRun): void {
  if (run.isInterrupted) throw interrupted(run);
  const scores = run.results.map(({ z }) => Math.abs(z ?? 0));
  const worst = Math.max(...scores);
  if (worst < scoreMax) return;
  throw new CliError(
    `An estimate is ${worst.toFixed(1)} standard errors away from theory; try another --seed: ` +
      "if it happens again, one of the two is wrong.",
    exitCodes.unexpected,
  );
}

/** Of a run that Ctrl-C has ended; `results` are those that were printed. */
export function interrupted({ results }: { readonly results: readonly unknown[] }): CliError {
  const known = results.length === 0 ? "nothing is known yet" : "what is printed was known by then";
  return new CliError(`Interrupted: ${known}.`);
}

export function formatSheet({ columns, rows }: Sheet): string {
  const right = "right" as const;
  return formatTable(
    columns.map((title) => ({ title, align: right })),
    rows,
  );
}
