/** `powlab simulate chaos`: our own node under faults, from one seed or from many. */

import { availableParallelism } from "node:os";
import { InvalidArgumentError, type Command } from "commander";
import type { ChaosReport } from "../../src/sim/chaos/investigate.ts";
import { describeAppointment } from "../../src/sim/faults.ts";
import type { Topology } from "../../src/sim/topology.ts";
import { CliError, exitCodes, say, untilInterrupted, write, writeJson } from "./output.ts";
import { Fingerprint } from "./fingerprint.ts";
import type { SeedRange } from "../../src/io/seed-workers.ts";
import { formatFacts } from "./table.ts";

const examples = `
Examples:
  $ powlab simulate chaos --seed 7                     one run with its transcript
  $ powlab simulate chaos --seeds 1..1000              a thousand, on all processors
  $ powlab simulate chaos --seed 7 --topology ring     complete, ring, star, regular or a file
  $ powlab simulate chaos --seed 7 --faults FILE       a schedule of your own

A schedule is a JSON list, as a failure prints it; a graph is {"nodes": 3, "links": [[0,1],[1,2]]}.
Safety: while faults go on, every check holds after every step. Liveness: when they are over, all
honest nodes reach one tip and one set of coins. Exit code 5 says that a promise was broken.`;

type ChaosFlags = {
  readonly seed: string;
  readonly seeds?: SeedRange;
  readonly threads: number;
  readonly topology?: string;
  readonly faults?: string;
  readonly failFast?: true;
  readonly json?: true;
  readonly quiet?: true;
};

export function registerChaos(simulate: Command): void {
  simulate
    .command("chaos")
    .description("nodes under faults must keep every promise, and agree afterwards")
    .option("--seed <seed>", "any text: what chance decides follows from it", "1")
    .option("--seeds <range>", "whole numbers such as 1..1000, one run each", parseRange)
    .option("--threads <count>", "for --seeds", parseThreads, availableParallelism())
    .option("--topology <name|file>", "who is linked with whom (default: drawn from the seed)")
    .option("--faults <file>", "with --seed: a schedule in place of the drawn one")
    .option("--fail-fast", "with --seeds: end at the first failure")
    .option("--json", "write data for programs; the transcript goes to stderr")
    .option("--quiet", "no transcript and no progress")
    .addHelpText("after", examples)
    .action(simulateChaos);
}

async function simulateChaos(flags: ChaosFlags): Promise<void> {
  const { readTopology } = await import("./chaos-files.ts");
  const topology = flags.topology === undefined ? undefined : await readTopology(flags.topology);
  if (flags.seeds === undefined) await playOne(flags, topology);
  else await playMany(flags, flags.seeds, topology);
}

async function playOne(flags: ChaosFlags, topology: Topology | undefined): Promise<void> {
  const { investigate } = await import("../../src/sim/chaos/investigate.ts");
  const { planChaos, stageChaos } = await import("../../src/sim/chaos/plan.ts");
  const { readFaults } = await import("./chaos-files.ts");
  const drawn = planChaos(flags.seed, topology);
  const faults =
    flags.faults === undefined ? drawn.faults : await readFaults(flags.faults, drawn.names);
  const onLine = flags.quiet ? undefined : flags.json ? say : write;
  const plan = { ...drawn, faults };
  const report = investigate({ plan, stage: stageChaos(), ...(onLine && { onLine }) });
  if (flags.json) writeJson(report);
  sayFailure(report);
  if (report.outcome.failure) throw brokenPromises(1);
  if (!flags.json && !flags.quiet) say("Next: powlab simulate chaos --seeds 1..100");
}

/** What many runs had in common. */
const sums = ["steps", "faults", "payments", "reorganisations", "rejected", "bans"] as const;

async function playMany(
  flags: ChaosFlags,
  seeds: SeedRange,
  topology: Topology | undefined,
): Promise<void> {
  const { runSeeds } = await import("../../src/io/seed-workers.ts");
  const startedAt = Date.now();
  const totals = { steps: 0, faults: 0, payments: 0, reorganisations: 0, rejected: 0, bans: 0 };
  const failures: ChaosReport[] = [];
  const fingerprint = new Fingerprint();
  let [runs, depthMax, isInterrupted] = [0, 0, false];
  void untilInterrupted().then(() => (isInterrupted = true));
  const count = seeds.last - seeds.first + 1;
  const worker = "../../bin/commands/chaos.worker";
  const run = { worker, workerData: { topology }, seeds, threads: flags.threads };
  await runSeeds<ChaosReport>(run, (report) => {
    const { outcome } = report;
    runs += 1;
    for (const name of sums) totals[name] += outcome[name];
    depthMax = Math.max(depthMax, outcome.depthMax);
    fingerprint.add(report);
    if (outcome.failure) failures.push(report);
    sayFailure(report);
    if (!flags.quiet) showProgress(runs, count);
    return !isInterrupted && (outcome.failure === undefined || !flags.failFast);
  });
  const seconds = Math.round((Date.now() - startedAt) / 100) / 10;
  const passed = runs - failures.length;
  const range = `${seeds.first}..${seeds.last}`;
  const known = { runs, passed, ...totals, depthMax, fingerprint: fingerprint.finish(), seconds };
  if (flags.json) writeJson({ seeds: range, ...known, failures });
  else write(formatFacts({ seeds: range, ...known }));
  if (failures.length > 0) throw brokenPromises(failures.length);
  if (runs < count) throw new CliError(`Interrupted after ${runs} of ${count} seeds.`);
}

/** Everything that it takes to see the failure again. */
function sayFailure({ outcome, shortest }: ChaosReport): void {
  const { seed, failure } = outcome;
  if (failure === undefined || shortest === undefined) return;
  say(`seed ${seed} breaks "${failure.promise}": ${failure.message}`);
  say(
    `  the shortest schedule that still does has ${shortest.length} of ${outcome.faults} faults:`,
  );
  for (const fault of shortest) say(`  ${describeAppointment(fault)}`);
  say(`  for --seed ${seed} --faults: ${JSON.stringify(shortest)}`);
}

function brokenPromises(count: number): CliError {
  const subject = count === 1 ? "A run" : `${count} runs`;
  return new CliError(`${subject} broke a promise: a bug of ours.`, exitCodes.unexpected);
}

const barLength = 30;

/** On a terminal only: one line that is written over. */
function showProgress(done: number, count: number): void {
  if (process.stderr.isTTY !== true) return;
  const filled = Math.round((done / count) * barLength);
  const bar = "█".repeat(filled).padEnd(barLength, "░");
  process.stderr.write(`\r${bar} ${done} of ${count} seeds${done === count ? "\n" : ""}`);
}

const seedsMax = 1_000_000;

function parseRange(text: string): SeedRange {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (first <= last && last - first < seedsMax) return { first, last };
  throw new InvalidArgumentError("It must be two whole numbers such as 1..1000.");
}

const threadsMax = 64;

function parseThreads(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= threadsMax) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${threadsMax}.`);
}
