/** `powlab simulate stale`: how many blocks become stale because news takes time, beside theory. */

import { InvalidArgumentError, type Command } from "commander";
import { staleLimits } from "../../src/sim/crowd/limits.ts";
import type { StaleOutcome } from "../../src/sim/stale.ts";
import {
  interrupted,
  partialOf,
  printTable,
  runExperiments,
  withExperimentOptions,
  withReportOption,
  type ExperimentFlags,
} from "./experiments.ts";
import { untilInterrupted, write, writeJson } from "./output.ts";
import { Progress } from "./progress.ts";
import {
  playStepwise,
  wholeNumber,
  withSimulateOptions,
  type SimulateOptions,
} from "./simulation.ts";
import { formatTable } from "./table.ts";

type StaleOptions = SimulateOptions &
  ExperimentFlags & {
    readonly table?: true;
    readonly delays: readonly number[];
    readonly miners: number;
    readonly blocks: number;
  };

const { minersMin, minersMax, blocksMax, delayMax } = staleLimits;

export function registerStale(simulate: Command): void {
  const stale = withSimulateOptions(
    simulate
      .command("stale")
      .description("blocks that become stale because news takes time: equal miners, one delay"),
  )
    .option("--delays <list>", "in block intervals, with commas", parseDelays, [0.1, 0.5, 1])
    .option("--miners <count>", "how many miners", wholeNumber(minersMin, minersMax), 100)
    .option("--blocks <count>", "how many blocks they find", wholeNumber(1, blocksMax), 10_000)
    .option("--table", "six delays beside x/(1+x), in threads")
    .addHelpText("after", examples)
    .action((options: StaleOptions) =>
      isTable(options) ? tabulate(options) : simulateStale(options),
    );
  withReportOption(withExperimentOptions(stale));
}

const examples = `
Examples:
  $ powlab simulate stale --delays 0.1,0.5,1 --miners 10
  $ powlab simulate stale --table --html stale.html`;

function isTable({ table, csv, html }: StaleOptions): boolean {
  return [table, csv, html].some((flag) => flag !== undefined);
}

async function tabulate(options: StaleOptions): Promise<void> {
  const { staleTable } = await import("../../src/experiments/experiment.ts");
  const { miners, blocks } = options;
  const run = await runExperiments("stale blocks", staleTable(miners, blocks), options);
  await printTable({ attack: "stale", run, results: { stale: run.results } }, options);
}

type Row = StaleOutcome & {
  readonly x: number;
  /** 95 %. */
  readonly interval: readonly [low: number, high: number];
  readonly theory: number;
  readonly z: number;
};

async function simulateStale(options: StaleOptions): Promise<void> {
  const { seed, miners, blocks, json } = options;
  const { rows, isInterrupted } = await playAll(options);
  if (json) {
    const partial = partialOf({ isInterrupted });
    writeJson({ seed, miners, runs: blocks, rows, ...partial });
  } else if (rows.length > 0) printRows(rows, options);
  if (isInterrupted) throw interrupted({ results: rows });
}

/** One delay after the other. The last row is of fewer blocks if the run was interrupted. */
async function playAll({ seed, delays, miners, blocks, quiet }: StaleOptions) {
  const { StaleSimulation, staleTheory } = await import("../../src/sim/stale.ts");
  const interruption = new AbortController();
  void untilInterrupted().then(() => interruption.abort());
  const progress = new Progress("stale blocks", delays.length, quiet === true);
  const rows: Row[] = [];
  let isInterrupted = false;
  for (const [done, x] of delays.entries()) {
    const simulation = new StaleSimulation({ miners, x, blocks, seed });
    const hasEnded = await playStepwise(simulation, interruption.signal, (part) => {
      progress.show(done + part);
    });
    const { outcome } = simulation;
    if (outcome.blocks > 0) rows.push(rowOf(outcome, x, staleTheory(miners, x)));
    isInterrupted = !hasEnded;
    if (isInterrupted) break;
  }
  progress.clear();
  return { rows, isInterrupted };
}

function rowOf(outcome: StaleOutcome, x: number, theory: number): Row {
  const { estimate, standardError } = outcome;
  const z = standardError === 0 ? 0 : (estimate - theory) / standardError;
  return { x, ...outcome, interval: intervalOf(outcome), theory, z };
}

function printRows(rows: readonly Row[], { seed, miners, blocks }: StaleOptions): void {
  const right = "right" as const;
  const titles = ["delay", "blocks", "stale", "95 % interval", "theory", "z"];
  const cells = rows.map(({ x, blocks: found, estimate, interval, theory, z }) => {
    const range = interval.map((end) => end.toFixed(4)).join(" – ");
    return [x, found, estimate.toFixed(4), range, theory.toFixed(4), z.toFixed(2)];
  });
  write(`seed ${seed}: ${miners} equal miners find ${blocks} blocks; the delay is in intervals`);
  write(
    formatTable(
      titles.map((title) => ({ title, align: right })),
      cells,
    ),
  );
}

function intervalOf({ estimate, standardError }: StaleOutcome): Row["interval"] {
  const margin = 1.96 * standardError;
  return [Math.max(estimate - margin, 0), Math.min(estimate + margin, 1)];
}

function parseDelays(text: string): readonly number[] {
  const delays = text.split(",").map((each) => (each.trim() === "" ? NaN : Number(each)));
  if (delays.every((delay) => delay >= 0 && delay <= delayMax)) return delays;
  throw new InvalidArgumentError(`They must be from 0 to ${delayMax}, such as 0.1,0.5,1.`);
}
