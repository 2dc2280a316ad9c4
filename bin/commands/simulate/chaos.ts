/** `powlab simulate chaos`: our own node under faults, from one seed or from many. */

import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { describeChainFault } from "../../../src/sim/chain-world/chain-faults.ts";
import { judgedRunsMin, neverStruck, strikesOf } from "../../../src/sim/chaos/campaign.ts";
import type { ChaosOutcome } from "../../../src/sim/chaos/chaos.ts";
import type { ChaosReport } from "../../../src/sim/chaos/investigate.ts";
import { type ChaosNetwork, chaosNetworks } from "../../../src/sim/chaos/rules.ts";
import { describeAppointment } from "../../../src/sim/engine/faults.ts";
import type { Topology } from "../../../src/sim/engine/topology.ts";
import { withExamples } from "../examples.ts";
import { interruptionSignal } from "../interruption.ts";
import { withMovedOption } from "../moved.ts";
import { wholeNumber } from "../numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { Progress } from "../progress.ts";
import { formatFacts } from "../table.ts";
import type { ChaosTask } from "./chaos.worker.ts";
import { Fingerprint } from "./fingerprint.ts";
import { type SimulateOptions, withSimulateOptions } from "./simulation.ts";

const threadsMax = 64;

const promises = [
  "Safety: while faults go on, every check holds after every step. Liveness: when they are over, all",
  "honest nodes reach one tip and one set of coins. Exit code 5 says that a promise was broken.",
];

type SeedRange = { readonly first: number; readonly last: number };

type ChaosFlags = SimulateOptions & {
  readonly network?: ChaosNetwork;
  readonly topology?: string;
  readonly faults?: string;
  readonly quiet?: true;
};

type SeedsFlags = {
  readonly network?: ChaosNetwork;
  readonly threads: number;
  readonly topology?: string;
  readonly failFast?: true;
  readonly json?: true;
  readonly quiet?: true;
};

const topologyHelp =
  "complete, line, ring, star, tree, grid, regular, or a file (default: drawn from the seed)";

const networkOption = () => {
  const words = "the network whose rules are played (default: both, one after the other)";
  return new Option("--network <name>", words).choices(chaosNetworks);
};

export function registerChaos(simulate: Command): void {
  const chaos = withExamples(
    withSimulateOptions(
      simulate
        .command("chaos")
        .description("nodes under faults must keep every promise, and agree afterwards"),
    )
      .addOption(networkOption())
      .option("--topology <name|file>", topologyHelp)
      .option("--faults <file>", "a schedule in place of the drawn one")
      .option("--quiet", "show no transcript")
      .action(simulateChaos),
    [
      ["powlab simulate chaos --seed 7", "one run with its transcript"],
      ["powlab simulate chaos --topology grid", "another graph, or a file with one"],
      ["powlab simulate chaos --faults FILE", "a schedule of your own"],
      ["powlab simulate chaos seeds 1..100", "many runs, on all processors"],
    ],
    [
      "A schedule is a list of faults in JSON, as a run that fails prints it; @richest-miner may stand",
      'for a node. A graph is {"nodes": 3, "links": [[0,1],[1,2]]}, or has "names": ["ann","bob"]; a link',
      'may have conditions: [0,1,{"latencyMs":50,"spreadMs":10,"loss":0.01,"bytesPerSecond":9000}].',
      ...promises,
    ],
  );
  withMovedOption(chaos, "--seeds <range>", "powlab simulate chaos seeds");
  registerSeeds(chaos);
}

function registerSeeds(chaos: Command): void {
  withExamples(
    chaos
      .command("seeds")
      .description("one run for each seed of a range, without transcripts")
      .argument("<range>", "whole numbers such as 1..1000", parseRange)
      .option(
        "--threads <count>",
        "threads that share the seeds",
        wholeNumber({ min: 1, max: threadsMax }),
        availableParallelism(),
      )
      .addOption(networkOption())
      .option("--topology <name|file>", topologyHelp)
      .option("--fail-fast", "end at the first failure")
      .option("--json", "write data for programs")
      .option("--quiet", "show no progress")
      .action(simulateSeeds),
    [
      ["powlab simulate chaos seeds 1..1000", "each seed on the rules of both networks"],
      ["powlab simulate chaos seeds 1..20 --network lab --topology star --fail-fast"],
    ],
    [
      ...promises,
      `From ${judgedRunsMin} runs on, with drawn graphs, a kind of fault that never struck is a failure, too.`,
    ],
  );
}

async function simulateChaos(flags: ChaosFlags): Promise<void> {
  const { investigateChaos } = await import("../../../src/sim/chaos/investigate.ts");
  const { planChaos, setUpChaos } = await import("../../../src/sim/chaos/plan.ts");
  const { readFaults, readTopology } = await import("./chaos-files.ts");
  const { topology: graph, faults: schedule } = flags;
  const topology = graph === undefined ? undefined : await readTopology(graph);
  const drawn = planChaos(flags.seed, topology);
  const faults = schedule === undefined ? drawn.faults : await readFaults(schedule, drawn.names);
  const onLine = flags.quiet ? undefined : flags.json ? say : write;
  const plan = { ...drawn, faults };
  let failures = 0;
  for (const network of networksOf(flags)) {
    const setup = setUpChaos(network);
    const report = investigateChaos({ plan, setup, ...(onLine && { onLine }) });
    if (flags.json) writeJson(report);
    sayFailure(report);
    if (report.outcome.failure) failures += 1;
  }
  if (failures > 0) throw brokenPromises(failures);
  if (!flags.json && !flags.quiet) say("Next: powlab simulate chaos seeds 1..100");
}

function networksOf({ network }: Pick<ChaosFlags, "network">): readonly ChaosNetwork[] {
  return network === undefined ? chaosNetworks : [network];
}

async function simulateSeeds(seeds: SeedRange, flags: SeedsFlags): Promise<void> {
  const { readTopology } = await import("./chaos-files.ts");
  const topology = flags.topology === undefined ? undefined : await readTopology(flags.topology);
  const startedAt = performance.now();
  const reports = await runSeeds(flags, seeds, topology);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const failures = reports.filter(({ outcome }) => outcome.failure !== undefined);
  for (const report of failures) sayFailure(report);
  const outcomes = reports.map(({ outcome }) => outcome);
  const known = {
    seeds: `${seeds.first}..${seeds.last}`,
    networks: networksOf(flags).join(", "),
    ...totalOf(reports),
    seconds,
  };
  const struck = strikesOf(outcomes);
  if (flags.json) writeJson({ ...known, struck, failures });
  else write(formatFacts({ ...known, ...struck }));
  if (failures.length > 0) throw brokenPromises(failures.length);
  requireStrikes(outcomes);
  const count = (seeds.last - seeds.first + 1) * networksOf(flags).length;
  if (reports.length < count) throw new CliError(`Interrupted after ${reports.length} runs.`);
  if (!flags.json) say(`Next: powlab simulate chaos --seed ${seeds.first}`);
}

/** @throws CliError if some kind of fault never struck in many runs. */
function requireStrikes(outcomes: readonly ChaosOutcome[]): void {
  const missing = neverStruck(outcomes);
  if (missing.length === 0) return;
  const verbs = missing.join(", ");
  const sentence = `In ${outcomes.length} runs these faults never struck: ${verbs}.`;
  throw new CliError(sentence, exitCodes.unexpected);
}

/** With --fail-fast, failures are looked for after so many runs. */
const batchLength = 16;

/** In the order of the seeds; after Ctrl-C those that are known by then. */
async function runSeeds(
  flags: SeedsFlags,
  { first, last }: SeedRange,
  topology: Topology | undefined,
): Promise<readonly ChaosReport[]> {
  const { runTasks } = await import("../../../src/io/threads/task-pool.ts");
  const signal = interruptionSignal();
  const networks = networksOf(flags);
  const tasks = Array.from({ length: last - first + 1 }, (_, position) => first + position).flatMap(
    (seed) => networks.map((network): ChaosTask => ({ seed, network, topology })),
  );
  const progress = new Progress("chaos", tasks.length, flags.quiet === true);
  const reports: ChaosReport[] = [];
  while (reports.length < tasks.length && !signal.aborted) {
    const begin = reports.length;
    const answers = await runTasks<ChaosTask, ChaosReport>({
      worker: "bin/commands/simulate/chaos.worker",
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

const sums = ["steps", "faults", "payments", "reorganisations", "rejected", "bans"] as const;

function totalOf(reports: readonly ChaosReport[]) {
  const outcomes = reports.map(({ outcome }) => outcome);
  const fingerprint = new Fingerprint();
  for (const report of reports) fingerprint.add(report);
  const totals = sums.map((name) => {
    return [name, sumOf(outcomes, name)] as const;
  });
  return {
    runs: outcomes.length,
    passed: outcomes.filter(({ failure }) => failure === undefined).length,
    ...Object.fromEntries(totals),
    virtualHours: Math.round(sumOf(outcomes, "elapsedMs") / 360_000) / 10,
    depthMax: Math.max(0, ...outcomes.map(({ depthMax }) => depthMax)),
    fingerprint: fingerprint.finish(),
  };
}

function sumOf(
  outcomes: readonly ChaosOutcome[],
  name: (typeof sums)[number] | "elapsedMs",
): number {
  return outcomes.reduce((sum, outcome) => sum + outcome[name], 0);
}

/** Everything that it takes to see the failure again. */
function sayFailure({ outcome, shortest }: ChaosReport): void {
  const { seed, network, failure } = outcome;
  if (failure === undefined || shortest === undefined) return;
  say(`seed ${seed} on ${network} breaks "${failure.promise}": ${failure.message}`);
  say(
    `  the shortest schedule that still does has ${shortest.length} of ${outcome.faults} faults:`,
  );
  for (const fault of shortest) say(`  ${describeAppointment(fault, describeChainFault)}`);
  say(`  for --seed ${seed} --network ${network} --faults: ${JSON.stringify(shortest)}`);
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
  throw new InvalidArgumentError(
    "It must be two whole numbers, the smaller first, such as 1..1000",
  );
}
