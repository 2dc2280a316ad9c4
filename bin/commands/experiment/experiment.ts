/** `powlab experiment`: claims that are tested many times beside theory, from the catalogue. */

import { type Command, Option } from "commander";
import { exactExperiments, experiments } from "../../../src/experiments/catalogue.ts";
import { type Claim, groups } from "../../../src/experiments/engine/claim.ts";
import {
  type ExactExperiment,
  examinationOf,
} from "../../../src/experiments/engine/exact-experiment.ts";
import {
  cellOf,
  describeTolerance,
  type Experiment,
  quickCellsOf,
  tableOf,
} from "../../../src/experiments/engine/experiment.ts";
import { type Order, parseOrder, questionOf } from "../../../src/experiments/engine/order.ts";
import { outcomeOf, readTaskResult } from "../../../src/experiments/engine/plan.ts";
import { hyphenated } from "../../../src/primitives/flag-name.ts";
import type { Values } from "../../../src/primitives/parameter.ts";
import { valid } from "../../../src/primitives/verdict.ts";
import { withExamples } from "../examples.ts";
import { addMoved } from "../moved.ts";
import { wholeNumber } from "../numbers.ts";
import { exitCodes, say, write, writeJson } from "../output.ts";
import { withParameters } from "../parameters.ts";
import { readShards, type ShardFlags, shardOf, shardOptions } from "../shard-files.ts";
import { formatTable } from "../table.ts";
import { accept } from "../text-file.ts";
import { type PrintFlags, printOutcome } from "./print.ts";
import { mergeCommand, runPlan, runShard } from "./run.ts";

type Flags = PrintFlags & ShardFlags & Values & { readonly seed: string; readonly quiet?: true };
type AllFlags = Flags & { readonly quick?: true; readonly group?: string };

/** As people type them. */
const groupNames = groups.map((name) => name.toLowerCase().replaceAll(" ", "-"));

/** Makes a command of each experiment in the catalogue, and some of all of them. */
export function addSubcommands(parent: Command): void {
  for (const experiment of experiments) addExperiment(parent, experiment);
  for (const experiment of exactExperiments) addExact(parent, experiment);
  addList(parent);
  addAll(parent);
  addMerge(parent);
  addMoved(parent, "report", "powlab experiment all --html report.html");
}

function addExperiment(parent: Command, experiment: Experiment): void {
  const { id, code, claim, measure, source, refuses, tolerance, parameters, examples } = experiment;
  const command = withParameters(parent.command(id).alias(code).description(claim), parameters);
  withExamples(
    withRunOptions(command.addOption(unitsOption(experiment)))
      .option("--json", "write one line of JSON: estimate, expected, interval, z and more")
      .action((flags: Flags) => runSingle(experiment, flags)),
    examples.map(([words, shows]) => [`powlab experiment ${id} ${words}`, shows]),
    [
      `Estimated: ${measure}.`,
      `Expected: ${source}.`,
      `Refused by as many runs: ${refuses}.`,
      `The exit code is ${exitCodes.unexpected} if the estimate is not within ` +
        `${describeTolerance(tolerance)} of what is expected.`,
    ],
  );
  addTable(command, experiment);
}

function addExact(parent: Command, experiment: ExactExperiment): void {
  const { id, code, claim, source, parameters, examples } = experiment;
  const command = withParameters(parent.command(id).alias(code).description(claim), parameters);
  withExamples(
    withRunOptions(command)
      .option("--json", "write one line of JSON: each finding, measured and expected")
      .action((flags: Flags) => runExact(experiment, flags)),
    [
      [`powlab experiment ${id}`],
      ...examples.map(([words, shows]) => [`powlab experiment ${id} ${words}`, shows] as const),
    ],
    [
      `Expected: ${source}.`,
      `The exit code is ${exitCodes.unexpected} if a finding is not exactly what is expected.`,
    ],
  );
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
      .action((flags: Flags) => runTable(experiment, flags)),
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

function addAll(parent: Command): void {
  withExamples(
    withRunOptions(
      parent.command("all").description("run all experiments, and say how each stands"),
    )
      .option("--quick", "few runs of each; too few to tell anything is said, too")
      .addOption(new Option("--group <name>", "those of one group only").choices(groupNames))
      .option("--html <file>", "write all tables and charts as a page, too")
      .option("--json", "write a line of JSON for each")
      .action(runEverything),
    [
      ["powlab experiment all --quick"],
      ["powlab experiment all --html report.html", "all tables and charts as one page"],
      ["powlab experiment all --group raft --quick", "those of one group"],
      ["powlab experiment all --shard 1/16 --out 1.json", "one of sixteen machines"],
    ],
  );
}

function addMerge(parent: Command): void {
  withExamples(
    parent
      .command("merge")
      .description("join the shards of a run: prints what one machine would have printed")
      .argument("<files...>", "what --out wrote, in any order")
      .option("--html <file>", "write it as a page, too")
      .option("--csv", "write a table as comma-separated values")
      .option("--json", "write data for programs")
      .action(merge),
    [["powlab experiment merge shard-*.json"]],
    ["A shard that is missing, twice there, or of another run is named."],
  );
}

function withRunOptions(command: Command): Command {
  const seeded = command
    .option("--seed <text>", "the random seed: the same seed gives the same result", "1")
    .option("--quiet", "show no progress");
  for (const option of shardOptions(mergeCommand)) seeded.addOption(option);
  return seeded;
}

function unitsOption({ units }: Experiment): Option {
  const { name, summary, initial, max } = units;
  return new Option(`--${name} <count>`, summary)
    .argParser(wholeNumber({ min: 1, max }))
    .default(initial);
}

async function runSingle(experiment: Experiment, flags: Flags): Promise<void> {
  const cell = cellOf(experiment, flags, Number(flags[experiment.units.name]));
  await run({ kind: "single", plan: { cells: [cell], examinations: [], seed: flags.seed } }, flags);
}

async function runTable(experiment: Experiment, flags: Flags): Promise<void> {
  const cells = tableOf(experiment, flags, Number(flags[experiment.units.name]));
  await run({ kind: "table", plan: { cells, examinations: [], seed: flags.seed } }, flags);
}

async function runExact(experiment: ExactExperiment, flags: Flags): Promise<void> {
  const examinations = [examinationOf(experiment, flags, flags.seed)];
  await run({ kind: "exact", plan: { cells: [], examinations, seed: flags.seed } }, flags);
}

async function runEverything({ quick, group, ...flags }: AllFlags): Promise<void> {
  const { seed } = flags;
  const wanted = groups[groupNames.indexOf(group ?? "")];
  const isWanted = (claim: Claim) => wanted === undefined || claim.group === wanted;
  const cells = experiments.filter(isWanted).flatMap((each) => {
    return quick ? quickCellsOf(each) : tableOf(each, {}, each.units.initial);
  });
  const examinations = exactExperiments.filter(isWanted).map((each) => {
    return examinationOf(each, quick ? (each.quick ?? {}) : {}, seed);
  });
  await run({ kind: quick ? "quick" : "all", plan: { cells, examinations, seed } }, flags);
}

async function run(order: Order, flags: Flags): Promise<void> {
  const isQuiet = flags.quiet === true;
  const shard = shardOf(flags);
  if (shard !== undefined) {
    await runShard(questionOf(order), order.plan, shard, isQuiet);
    return;
  }
  await printOutcome(order, await runPlan(order.plan, isQuiet), flags);
}

async function merge(files: readonly string[], flags: PrintFlags): Promise<void> {
  const { question, answers } = await readShards(files, () => valid(readTaskResult));
  const order = accept(files[0] ?? "", parseOrder(question, experiments));
  await printOutcome(order, outcomeOf(order.plan, answers), flags);
}

function list({ json }: { readonly json?: true }): void {
  const claims: readonly Claim[] = [...experiments, ...exactExperiments];
  if (json) {
    for (const { id, code, group, claim, lines = null, source } of claims) {
      writeJson({ id, code, group, claim, lines, source });
    }
    return;
  }
  write(
    formatTable(
      [{ title: "code" }, { title: "id" }, { title: "claim" }],
      claims.map(({ code, id, claim }) => [code, id, claim]),
    ),
  );
  say("Next: powlab experiment double-spend --share 0.3 --confirmations 6");
}
