/** Results of experiments in print: for people, for programs, and as a page. */

import { writeFile } from "node:fs/promises";
import { describeTolerance, type Experiment } from "../../../src/experiments/engine/experiment.ts";
import type { Result } from "../../../src/experiments/engine/result.ts";
import { csvOf, jsonOf, type Sheet, sheetOf } from "../../../src/experiments/engine/sheet.ts";
import { formatReport, type Section } from "../../../src/experiments/report.ts";
import { interrupted, partialOf } from "../interruption.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { formatFacts, formatTable } from "../table.ts";
import type { ExperimentRun } from "./run.ts";

export type PrintFlags = { readonly seed: string; readonly json?: true; readonly csv?: true };

/** @throws CliError if nothing is known, or the estimate is not what the experiment expects. */
export function printSingle(experiment: Experiment, run: ExperimentRun, flags: PrintFlags): void {
  const [result] = run.results;
  if (result === undefined) throw interrupted([]);
  if (flags.json) writeJson({ ...jsonOf(result, flags.seed), ...partialOf(run.isInterrupted) });
  else {
    const { columns, rows } = sheetOf("", [result]);
    const facts = columns.map((name, position) => [name, rows[0]?.[position] ?? ""] as const);
    write(`${experiment.claim}\n${formatFacts(Object.fromEntries(facts))}`);
  }
  requireExpected([experiment], run);
  if (!flags.json) say(`Next: powlab experiment ${experiment.id} table`);
}

/** @throws CliError if nothing is known, or an estimate is not what the experiment expects. */
export function printTable(experiment: Experiment, run: ExperimentRun, flags: PrintFlags): void {
  const { results } = run;
  const { title, table } = experiment;
  if (results.length === 0) throw interrupted([]);
  if (flags.csv) write(csvOf(results));
  else if (flags.json) {
    for (const result of results) writeJson(jsonOf(result, flags.seed));
    if (run.isInterrupted) writeJson(partialOf(true));
  } else {
    const sheets = [sheetOf(`${title}, seed ${flags.seed}`, results), ...(table.extras?.() ?? [])];
    for (const sheet of sheets) write(`${sheet.title}\n${formatSheet(sheet)}\n`);
  }
}

export async function writeReport(
  path: string,
  sections: readonly Section[],
  seed: string,
): Promise<void> {
  const footer = `Made by powlab with seed ${seed}: the same seed gives the same page.`;
  try {
    await writeFile(path, formatReport(sections, footer));
  } catch (error) {
    throw new CliError(`The report cannot be written to ${path}.`, exitCodes.failed, {
      cause: error,
    });
  }
  say(`The report is in ${path}: open it in a browser.`);
}

/** @throws CliError if the run was broken off, or an estimate is not what is expected. */
export function requireExpected(experiments: readonly Experiment[], run: ExperimentRun): void {
  if (run.isInterrupted) throw interrupted(run.results);
  const failed = run.results.filter(({ holds }) => !holds);
  const worst = failed.sort((a, b) => Math.abs(b.z ?? 0) - Math.abs(a.z ?? 0))[0];
  if (worst === undefined) return;
  throw new CliError(describeFailure(experiments, worst), exitCodes.unexpected);
}

function describeFailure(
  experiments: readonly Experiment[],
  { id, estimate, expected = NaN, z = NaN }: Result,
): string {
  const tolerance = experiments.find((each) => each.id === id)?.tolerance;
  const limit = tolerance === undefined ? "the tolerance" : describeTolerance(tolerance);
  const [found, wanted] = [estimate, expected].map((value) => Number(value.toPrecision(6)));
  return (
    `In ${id} the estimate ${found} is ${Math.abs(z).toFixed(1)} standard errors from the expected ` +
    `${wanted}, and must be within ${limit}. Try another --seed: if it happens again, one of the ` +
    "two is wrong."
  );
}

function formatSheet({ columns, rows }: Sheet): string {
  return formatTable(
    columns.map((title) => ({ title, align: "right" })),
    rows,
  );
}
