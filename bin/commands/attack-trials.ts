/** `powlab attack` without a network: many runs in the simulator, beside the closed forms. */

import { InvalidArgumentError, type Command } from "commander";
import type { Stubbornness } from "../../src/attacks/selfish-mining/behaviour.ts";
import {
  defaultSeed,
  printSingle,
  printTable,
  runExperiments,
  withExperimentOptions,
  withReportOption,
  writeReport,
  judge,
  type ExperimentFlags,
} from "./experiments.ts";
import { numberFrom } from "./lab.ts";
import { CliError, exitCodes } from "./output.ts";
import { wholeNumber } from "./simulation.ts";

export type DoubleSpendTrialFlags = ExperimentFlags & {
  readonly runs?: number;
  readonly premine?: 0 | 1;
  readonly full?: true;
  readonly table?: true;
};

/** Enough for 0.2 ± 0.01 at three standard errors. */
const runsDefault = 14_400;
const runsMax = 10_000_000;
/** Enough for ± 0.005 at three standard errors, with a share of 0.4. */
export const selfishBlocksDefault = 800_000;
export const selfishBlocksMax = 100_000_000;
const reportMiners = 100;
const staleBlocks = 10_000;
export const selfishShareMax = 0.49;
const seedHelp = "any text: what chance decides follows from it";

/** What makes a double spend one of many runs. */
export function withDoubleSpendTrials(command: Command): Command {
  const runs = wholeNumber(1, runsMax);
  return withReportOption(
    withExperimentOptions(command)
      .option("--runs <count>", "simulate so many attacks, beside the closed form", runs)
      .option(
        "--premine <count>",
        "secret blocks before she pays, 0 or 1 (default: 0; in a table both)",
        parsePremine,
      )
      .option("--full", "with --runs: a network of real nodes, not only who finds the next block")
      .option("--table", "simulate a table of shares and confirmations"),
  );
}

/** True if nobody is attacked for real. */
export function isTrial({ runs, full, table, csv, html }: DoubleSpendTrialFlags): boolean {
  return [runs, full, table, csv, html].some((flag) => flag !== undefined);
}

export type DoubleSpendTerms = {
  readonly share: number;
  readonly confirmations: number;
  readonly giveUp?: number;
};

export async function tryDoubleSpend(
  { share, confirmations, giveUp }: DoubleSpendTerms,
  flags: DoubleSpendTrialFlags,
): Promise<void> {
  const experiments = await import("../../src/experiments/experiment.ts");
  const { runs = runsDefault, premine } = flags;
  if (flags.table || (flags.html !== undefined && flags.runs === undefined)) {
    const cells = experiments.doubleSpendTable(premine === undefined ? [0, 1] : [premine], runs);
    return printDoubleSpendTable(cells, flags);
  }
  const cell = {
    share,
    confirmations,
    premine: premine ?? 0,
    ...(giveUp !== undefined && { giveUpBehind: giveUp }),
    ...(flags.full && { engine: "nodes" as const }),
  };
  if (flags.full && (share === 0 || share === 1)) {
    throw new CliError(
      "With --full, --share must be more than 0 and less than 1.",
      exitCodes.usage,
    );
  }
  const experiment = experiments.doubleSpendExperiment(cell, runs);
  const run = await runExperiments("double spend", [experiment], flags);
  if (flags.html !== undefined) {
    await writeReport(flags.html, { doubleSpend: run.results }, flags.seed ?? defaultSeed);
  }
  await printSingle("double-spend", run, flags);
}

type Cells = Parameters<typeof runExperiments>[1];

async function printDoubleSpendTable(cells: Cells, flags: ExperimentFlags): Promise<void> {
  const { nakamotoSheet, riskSheet } = await import("../../src/experiments/report.ts");
  const run = await runExperiments("double spends", cells, flags);
  const results = { doubleSpend: run.results };
  await printTable(
    { attack: "double-spend", run, results, extras: [nakamotoSheet(), riskSheet()] },
    flags,
  );
}

export type SelfishTrialFlags = ExperimentFlags & {
  readonly share: number;
  readonly gamma?: number;
  readonly blocks?: number;
  readonly stubborn?: Stubbornness;
  readonly table?: true;
};

type PartitionFlags = ExperimentFlags & {
  readonly share: number;
  readonly intervals: number;
  readonly runs: number;
};

export type EclipseTrialFlags = ExperimentFlags & {
  readonly share?: number;
  readonly peers?: number;
  readonly runs?: number;
};

type ReportFlags = ExperimentFlags & { readonly html: string };

/** The attacks that are only simulated. */
export function registerTrials(attack: Command): void {
  registerPartition(attack);
  attack
    .command("report")
    .description("all tables beside theory, as one page with plots")
    .option("--html <file>", "where to write it", "powlab-report.html")
    .option("--seed <text>", seedHelp, defaultSeed)
    .option("--quiet", "no progress bar")
    .action(makeReport);
}

/** What makes selfish mining a race on paper. */
export function withSelfishTrials(command: Command): Command {
  return withReportOption(
    withExperimentOptions(command)
      .option(
        "--gamma <part>",
        "of the honest power, on its side in a tie (default: 0)",
        numberFrom(0, 1),
      )
      .option("--stubborn <list>", "any of lead, equal-fork, trail-1, trail-2 …", parseStubborn)
      .option("--table", "a table of shares, for gamma 0, 0.5 and 1"),
  );
}

/** Of the address table: enough to have all eight peers now and then. */
export const tableShareDefault = 0.8;
const peersDefault = 8;

/** What makes an eclipse one of many lots. */
export function withEclipseTrials(command: Command): Command {
  return withExperimentOptions(
    command
      .option(
        "--runs <count>",
        "simulate so many nodes that choose their peers by lot",
        wholeNumber(1, runsMax),
      )
      .option(
        "--peers <count>",
        `with --runs: that the node chooses (default: ${peersDefault})`,
        wholeNumber(1, 1000),
      ),
  );
}

/** True if nobody is attacked for real. */
export function isEclipseTrial({ runs, peers, csv }: EclipseTrialFlags): boolean {
  return [runs, peers, csv].some((flag) => flag !== undefined);
}

function registerPartition(attack: Command): void {
  const command = attack
    .command("partition")
    .description("cut a network in two, and see how many blocks the losing half takes back")
    .option("--share <part>", "one half's part of the power", numberFrom(0, 1), 0.5)
    .option("--intervals <count>", "how long, in block intervals", numberFrom(0, 1e4), 10)
    .option("--runs <count>", "how often", wholeNumber(1, runsMax), runsDefault)
    .option("--seed <text>", seedHelp, defaultSeed)
    .option("--json", "write data for programs")
    .addHelpText("after", "\nWith real nodes: powlab simulate partition")
    .action(tryPartition);
  withExperimentOptions(command);
}

export async function trySelfishMining(flags: SelfishTrialFlags): Promise<void> {
  const { selfishExperiment, selfishTable } = await import("../../src/experiments/experiment.ts");
  const { share, gamma = 0, blocks = selfishBlocksDefault, stubborn } = flags;
  if (flags.table || flags.html !== undefined) {
    const { thresholdSheet } = await import("../../src/experiments/report.ts");
    const run = await runExperiments("selfish mining", selfishTable(blocks), flags);
    const results = { selfishMining: run.results };
    const extras = [thresholdSheet()];
    return printTable({ attack: "selfish-mining", run, results, extras }, flags);
  }
  const experiment = selfishExperiment(share, gamma, blocks, stubborn);
  const run = await runExperiments("selfish mining", [experiment], flags);
  await printSingle("selfish-mining", run, flags);
}

async function tryPartition(flags: PartitionFlags): Promise<void> {
  const { share, intervals, runs } = flags;
  const trial = { type: "partition" as const, share, intervals };
  const experiment = { trial, units: runs, about: { share, intervals }, beside: {} };
  await printSingle("partition", await runExperiments("partitions", [experiment], flags), flags);
}

export async function tryEclipse(flags: EclipseTrialFlags): Promise<void> {
  const { share = tableShareDefault, peers = peersDefault, runs = runsDefault } = flags;
  const trial = { type: "eclipse" as const, share, peers };
  const experiment = { trial, units: runs, about: { share, peers }, beside: {} };
  await printSingle("eclipse", await runExperiments("eclipses", [experiment], flags), flags);
}

async function makeReport(flags: ReportFlags): Promise<void> {
  const experiments = await import("../../src/experiments/experiment.ts");
  const tables = {
    doubleSpend: experiments.doubleSpendTable([0, 1], runsDefault),
    selfishMining: experiments.selfishTable(selfishBlocksDefault),
    stale: experiments.staleTable(reportMiners, staleBlocks),
  };
  const run = await runExperiments("all tables", Object.values(tables).flat(), flags);
  const isOf = (key: string) => run.results.filter(({ about }) => key in about);
  const results = {
    doubleSpend: isOf("confirmations"),
    selfishMining: isOf("gamma"),
    stale: isOf("delay"),
  };
  await writeReport(flags.html, results, flags.seed ?? defaultSeed);
  judge(run);
}

export function parsePremine(text: string): 0 | 1 {
  if (text === "0") return 0;
  if (text === "1") return 1;
  throw new InvalidArgumentError("It is 0 or 1.");
}

const trailMax = 100;

export function parseStubborn(text: string): Stubbornness {
  let stubborn: Stubbornness = { lead: false, equalFork: false, trail: 0 };
  for (const word of text.split(",")) {
    const trail = Number(/^trail-(\d+)$/.exec(word)?.[1] ?? 0);
    if (word === "lead") stubborn = { ...stubborn, lead: true };
    else if (word === "equal-fork") stubborn = { ...stubborn, equalFork: true };
    else if (trail >= 1 && trail <= trailMax) stubborn = { ...stubborn, trail };
    else throw new InvalidArgumentError("It is a list of lead, equal-fork, trail-1, trail-2 …");
  }
  return stubborn;
}
