/** `powlab simulate chaos`: our own node under faults, from one seed or from many. */

import { availableParallelism } from "node:os";
import { InvalidArgumentError, type Command } from "commander";
import type { ChaosReport } from "../../src/sim/chaos/investigate.ts";
import { describeChainFault } from "../../src/sim/chain-world/chain-faults.ts";
import { describeAppointment } from "../../src/sim/engine/faults.ts";
import type { Topology } from "../../src/sim/engine/topology.ts";
import { CliError, exitCodes, say, untilInterrupted, write, writeJson } from "./output.ts";
import type { ChaosTask } from "./chaos.worker.ts";
import { Fingerprint } from "./fingerprint.ts";
import { Progress } from "./progress.ts";
import { wholeNumber } from "./simulation.ts";
import { formatFacts } from "./table.ts";

const threadsMax = 64;

const examples = `
Examples:
  $ powlab simulate chaos --seed 7                     one run with its transcript
  $ powlab simulate chaos --seeds 1..1000              a thousand, on all processors
  $ powlab simulate chaos --seed 7 --topology grid     or another graph, or a file with one
  $ powlab simulate chaos --seed 7 --faults FILE       a schedule of your own

A schedule is a JSON list, as a failure prints it; @richest-miner may stand for a node's name.
A graph is {"nodes": 3, "links": [[0,1],[1,2]]}, or has "names": ["ann","bob"] in place of a number;
a link may have conditions: [0,1,{"latencyMs":50,"spreadMs":10,"loss":0.01,"bytesPerSecond":9000}].
Safety: while faults go on, every check holds after every step. Liveness: when they are over, all
honest nodes reach one tip and one set of coins. Exit code 5 says that a promise was broken.`;

type SeedRange = { readonly first: number; readonly last: number };

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
    .option("--threads <count>", "for --seeds", wholeNumber(1, threadsMax), availableParallelism())
    .option(
      "--topology <name|file>",
      "complete, line, ring, star, tree, grid, regular (default: from the seed)",
    )
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
  const { investigateChaos } = await import("../../src/sim/chaos/investigate.ts");
  const { planChaos, setUpChaos } = await import("../../src/sim/chaos/plan.ts");
  const { readFaults } = await import("./chaos-files.ts");
  const drawn = planChaos(flags.seed, topology);
  const faults =
    flags.faults === undefined ? drawn.faults : await readFaults(flags.faults, drawn.names);
  const onLine = flags.quiet ? undefined : flags.json ? say : write;
  const plan = { ...drawn, faults };
  const report = investigateChaos({ plan, setup: setUpChaos(), ...(onLine && { onLine }) });
  if (flags.json) writeJson(report);
  sayFailure(report);
  if (report.outcome.failure) throw brokenPromises(1);
  if (!flags.json && !flags.quiet) say("Next: powlab simulate chaos --seeds 1..100");
}

async function playMany(
  flags: ChaosFlags,
  seeds: SeedRange,
  topology: Topology | undefined,
): Promise<void> {
  const startedAt = performance.now();
  const reports = await runSeeds(flags, seeds, topology);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const failures = reports.filter(({ outcome }) => outcome.failure !== undefined);
  for (const report of failures) sayFailure(report);
  const known = { seeds: `${seeds.first}..${seeds.last}`, ...totalOf(reports), seconds };
  if (flags.json) writeJson({ ...known, failures });
  else write(formatFacts(known));
  if (failures.length > 0) throw brokenPromises(failures.length);
  const count = seeds.last - seeds.first + 1;
  if (reports.length < count) throw new CliError(`Interrupted after ${reports.length} seeds.`);
}

/** With --fail-fast, failures are looked for after so many seeds. */
const batchLength = 16;

/** In the order of the seeds; after Ctrl-C those that are known by then. */
async function runSeeds(
  flags: ChaosFlags,
  { first, last }: SeedRange,
  topology: Topology | undefined,
): Promise<readonly ChaosReport[]> {
  const { runTasks } = await import("../../src/io/threads/task-pool.ts");
  const interruption = new AbortController();
  void untilInterrupted().then(() => interruption.abort());
  const count = last - first + 1;
  const progress = new Progress("chaos", count, flags.quiet === true);
  const reports: ChaosReport[] = [];
  while (reports.length < count && !interruption.signal.aborted) {
    const begin = first + reports.length;
    const length = flags.failFast ? Math.min(batchLength, count - reports.length) : count;
    const tasks = Array.from({ length }, (_, position) => ({ seed: begin + position, topology }));
    const answers = await runTasks<ChaosTask, ChaosReport>({
      worker: "bin/commands/chaos.worker",
      tasks,
      threads: flags.threads,
      onProgress: (answered) => progress.show(begin - first + answered),
      signal: interruption.signal,
    });
    reports.push(...answers.filter((answer) => answer !== undefined));
    if (flags.failFast && reports.some(({ outcome }) => outcome.failure)) break;
  }
  progress.clear();
  return reports;
}

const sums = ["steps", "faults", "payments", "reorganisations", "rejected", "bans"] as const;

function totalOf(reports: readonly ChaosReport[]) {
  const outcomes = reports.map(({ outcome }) => outcome);
  const fingerprint = new Fingerprint();
  for (const report of reports) fingerprint.add(report);
  const totals = sums.map((name) => {
    return [name, outcomes.reduce((sum, outcome) => sum + outcome[name], 0)] as const;
  });
  return {
    runs: outcomes.length,
    passed: outcomes.filter(({ failure }) => failure === undefined).length,
    ...Object.fromEntries(totals),
    depthMax: Math.max(0, ...outcomes.map(({ depthMax }) => depthMax)),
    fingerprint: fingerprint.finish(),
  };
}

/** Everything that it takes to see the failure again. */
function sayFailure({ outcome, shortest }: ChaosReport): void {
  const { seed, failure } = outcome;
  if (failure === undefined || shortest === undefined) return;
  say(`seed ${seed} breaks "${failure.promise}": ${failure.message}`);
  say(
    `  the shortest schedule that still does has ${shortest.length} of ${outcome.faults} faults:`,
  );
  for (const fault of shortest) say(`  ${describeAppointment(fault, describeChainFault)}`);
  say(`  for --seed ${seed} --faults: ${JSON.stringify(shortest)}`);
}

function brokenPromises(count: number): CliError {
  const subject = count === 1 ? "A run" : `${count} runs`;
  return new CliError(`${subject} broke a promise: a bug of ours.`, exitCodes.unexpected);
}

const seedsMax = 1_000_000;

function parseRange(text: string): SeedRange {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (first <= last && last - first < seedsMax) return { first, last };
  throw new InvalidArgumentError("It must be two whole numbers such as 1..1000.");
}
