/** `powlab experiment`: claims that are tested many times beside theory, from the catalogue. */

import { type Command, Option } from "commander";
import { experiments } from "../../../src/experiments/catalogue.ts";
import {
  cellOf,
  describeTolerance,
  type Experiment,
  tableOf,
} from "../../../src/experiments/engine/experiment.ts";
import { sectionOf } from "../../../src/experiments/report.ts";
import { hyphenated } from "../../../src/primitives/flag-name.ts";
import type { Values } from "../../../src/sim/parameter.ts";
import { withExamples } from "../examples.ts";
import { wholeNumber } from "../numbers.ts";
import { exitCodes, say, write, writeJson } from "../output.ts";
import { withParameters } from "../parameters.ts";
import { formatTable } from "../table.ts";
import { type PrintFlags, printSingle, printTable, requireExpected, writeReport } from "./print.ts";
import { runCells } from "./run.ts";

type Flags = PrintFlags & Values & { readonly quiet?: true };
type TableFlags = Flags & { readonly html?: string };
type ReportFlags = { readonly html: string; readonly seed: string; readonly quiet?: true };

/** Makes a command of each experiment in the catalogue, and two of all of them. */
export function addSubcommands(parent: Command): void {
  for (const experiment of experiments) addExperiment(parent, experiment);
  addList(parent);
  addReport(parent);
}

function addExperiment(parent: Command, experiment: Experiment): void {
  const { id, claim, measure, source, tolerance, parameters, examples } = experiment;
  const command = withParameters(parent.command(id).description(claim), parameters);
  withExamples(
    withRunOptions(command.addOption(unitsOption(experiment)))
      .option("--json", "write one line of JSON: estimate, expected, interval, z and more")
      .action((flags: Flags) => runSingle(experiment, flags)),
    examples.map(([words, shows]) => [`powlab experiment ${id} ${words}`, shows]),
    [
      `Estimated: ${measure}.`,
      `Expected: ${source}.`,
      `The exit code is ${exitCodes.unexpected} if the estimate is not within ` +
        `${describeTolerance(tolerance)} of what is expected.`,
    ],
  );
  addTable(command, experiment);
}

function addTable(command: Command, experiment: Experiment): void {
  const { id, parameters, table, tolerance } = experiment;
  const varied = Object.keys(table.varies);
  const fixed = Object.entries(parameters).filter(([name]) => !varied.includes(name));
  const summary = `the same for a table of values: ${varied.map(hyphenated).join(", ")}`;
  withExamples(
    withRunOptions(
      withParameters(
        command.command("table").description(summary),
        Object.fromEntries(fixed),
      ).addOption(unitsOption(experiment)),
    )
      .option("--html <file>", "write it as a page with charts that needs no network, too")
      .option("--csv", "write comma-separated values")
      .option("--json", "write a line of JSON for each combination")
      .action((flags: TableFlags) => runTable(experiment, flags)),
    [
      [`powlab experiment ${id} table`],
      [`powlab experiment ${id} table --csv --seed 7`, "another seed, for a spreadsheet"],
    ],
    [
      `The exit code is ${exitCodes.unexpected} if an estimate is not within ` +
        `${describeTolerance(tolerance)} of what is expected.`,
    ],
  );
}

function addList(parent: Command): void {
  withExamples(
    parent
      .command("list")
      .description("list all experiments with their claims")
      .option("--json", "write a line of JSON for each, with parameters and source")
      .action(list),
    [["powlab experiment list"]],
  );
}

function addReport(parent: Command): void {
  withExamples(
    withRunOptions(parent.command("report").description("write all tables and charts as one page"))
      .option("--html <file>", "where to write it", "powlab-report.html")
      .action(report),
    [["powlab experiment report --html report.html"]],
    ["It takes about a minute, and the page needs no network."],
  );
}

function withRunOptions(command: Command): Command {
  return command
    .option("--seed <text>", "the random seed: the same seed gives the same result", "1")
    .option("--quiet", "show no progress");
}

function unitsOption({ units }: Experiment): Option {
  const { name, summary, initial, max } = units;
  return new Option(`--${name} <count>`, summary)
    .argParser(wholeNumber({ min: 1, max }))
    .default(initial);
}

async function runSingle(experiment: Experiment, flags: Flags): Promise<void> {
  const cell = cellOf(experiment, flags, Number(flags[experiment.units.name]));
  printSingle(experiment, await runCells([cell], flags), flags);
}

async function runTable(experiment: Experiment, flags: TableFlags): Promise<void> {
  const cells = tableOf(experiment, flags, Number(flags[experiment.units.name]));
  const run = await runCells(cells, flags);
  printTable(experiment, run, flags);
  if (flags.html !== undefined) {
    await writeReport(flags.html, [sectionOf(experiment, run.results)], flags.seed);
  }
  requireExpected([experiment], run);
}

function list({ json }: { readonly json?: true }): void {
  if (json) {
    for (const { id, claim, measure, source, parameters, units, tolerance } of experiments) {
      writeJson({ id, claim, measure, source, parameters, units, tolerance });
    }
    return;
  }
  write(
    formatTable(
      [{ title: "id" }, { title: "claim" }],
      experiments.map(({ id, claim }) => [id, claim]),
    ),
  );
  say("Next: powlab experiment double-spend --share 0.3 --confirmations 6");
}

async function report(flags: ReportFlags): Promise<void> {
  const cells = experiments.flatMap((each) => tableOf(each, {}, each.units.initial));
  const run = await runCells(cells, flags);
  const sections = experiments.flatMap((each) => {
    const results = run.results.filter(({ id }) => id === each.id);
    return results.length > 0 ? [sectionOf(each, results)] : [];
  });
  await writeReport(flags.html, sections, flags.seed);
  requireExpected(experiments, run);
}
