/** `powlab simulate chaos`: our own node under faults, from one seed or from many. */

import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { judgedRunsMin } from "../../../src/sim/chaos/campaign.ts";
import { chaosNetworks } from "../../../src/sim/chaos/rules.ts";
import { withExamples } from "../examples.ts";
import { movedOption } from "../moved.ts";
import { wholeNumber } from "../numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { shardOptions } from "../shard-files.ts";
import { mergeCommand, runCampaign } from "./campaign.ts";
import { chainCampaign, networksOf, sayChainFailure } from "./chain-campaign.ts";
import type { ChaosFlags, ProtocolOptions, SeedsFlags } from "./chaos-flags.ts";
import { brokenPromises, parseRange, type SeedRange } from "./seeds.ts";
import { withSimulateOptions } from "./simulation.ts";

const threadsMax = 64;
const nodesMax = 31;

const promises = [
  "Safety: while faults go on, every check holds after every step. Liveness: when they are over, all",
  "honest nodes reach one tip and one set of coins. Exit code 5 says that a promise was broken.",
];

const topologyHelp =
  "complete, line, ring, star, tree, grid, regular, or a file (default: drawn from the seed)";

const networkOption = () => {
  const words = "the network whose rules are played (default: both, one after the other)";
  return new Option("--network <name>", words).choices(chaosNetworks);
};

export function registerChaos(simulate: Command): void {
  const chaos = withExamples(
    withProtocol(
      withSimulateOptions(
        simulate
          .command("chaos")
          .description("nodes under faults must keep every promise, and agree afterwards"),
      ),
    )
      .addOption(networkOption())
      .option("--topology <name|file>", topologyHelp)
      .option("--faults <file>", "a schedule in place of the drawn one")
      .option("--quiet", "show no transcript")
      .option("--seeds <range>", "with --protocol: many runs, as `chaos seeds` does", parseRange)
      .action(simulateChaos),
    [
      ["powlab simulate chaos --seed 7", "one run with its transcript"],
      ["powlab simulate chaos --topology grid", "another graph, or a file with one"],
      ["powlab simulate chaos --faults FILE", "a schedule of your own"],
      ["powlab simulate chaos seeds 1..100", "many runs, on all processors"],
      ["powlab simulate chaos --protocol raft --seeds 1..100", "processes of a protocol instead"],
    ],
    [
      "A schedule is a list of faults in JSON, as a run that fails prints it; @richest-miner may stand",
      'for a node. A graph is {"nodes": 3, "links": [[0,1],[1,2]]}, or has "names": ["ann","bob"]; a link',
      'may have conditions: [0,1,{"latencyMs":50,"spreadMs":10,"loss":0.01,"bytesPerSecond":9000}].',
      ...promises,
    ],
  );
  registerSeeds(chaos);
  registerMerge(chaos);
}

function withProtocol(command: Command): Command {
  return command
    .option("--protocol <name>", "processes of a protocol in place of nodes of the chain")
    .option("--nodes <count>", "with --protocol: how many", wholeNumber({ min: 2, max: nodesMax }))
    .option("--mutant <name>", "with --protocol: with one rule replaced by a wrong one");
}

function registerSeeds(chaos: Command): void {
  const seeds = chaos
    .command("seeds")
    .description("one run for each seed of a range, without transcripts")
    .argument("<range>", "whole numbers such as 1..1000", parseRange);
  for (const option of shardOptions(mergeCommand)) seeds.addOption(option);
  withExamples(
    withProtocol(seeds)
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
      ["powlab simulate chaos seeds 1..1000 --shard 1/16 --out 1.json", "one of sixteen machines"],
    ],
    [
      ...promises,
      `From ${judgedRunsMin} runs on, with drawn graphs, a kind of fault that never struck is a failure, too.`,
    ],
  );
}

function registerMerge(chaos: Command): void {
  withExamples(
    chaos
      .command("merge")
      .description("join the shards of a campaign: prints what one machine would have printed")
      .argument("<files...>", "what --out wrote, in any order")
      .option("--json", "write data for programs")
      .action(async (files: readonly string[], flags: { readonly json?: true }) => {
        const { mergeCampaign } = await import("./merge.ts");
        await mergeCampaign(files, flags);
      }),
    [["powlab simulate chaos merge shard-*.json"]],
    ["A shard that is missing, twice there, or of another campaign is named."],
  );
}

async function simulateChaos(flags: ChaosFlags): Promise<void> {
  const { protocol, seeds } = flags;
  if (protocol !== undefined) {
    await runProtocol(protocol, flags);
    return;
  }
  refuseProtocolOptions(flags);
  if (seeds !== undefined) {
    throw movedOption(
      "--seeds <range>",
      `powlab simulate chaos seeds ${seeds.first}..${seeds.last}`,
    );
  }
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
    sayChainFailure(report);
    if (report.outcome.failure) failures += 1;
  }
  if (failures > 0) throw brokenPromises(failures);
  if (!flags.json && !flags.quiet) say("Next: powlab simulate chaos seeds 1..100");
}

async function runProtocol(protocol: string, flags: ChaosFlags): Promise<void> {
  const { runMany, runOne } = await import("./protocol-chaos.ts");
  const threads = availableParallelism();
  if (flags.seeds === undefined) await runOne(protocol, flags);
  else await runMany(protocol, flags.seeds, { ...flags, threads });
}

function refuseProtocolOptions({ nodes, mutant }: ProtocolOptions): void {
  const flag = nodes !== undefined ? "--nodes" : mutant !== undefined ? "--mutant" : undefined;
  if (flag === undefined) return;
  const message = `${flag} is for processes of a protocol: name one with --protocol.`;
  throw new CliError(message, exitCodes.usage);
}

async function simulateSeeds(seeds: SeedRange, flags: SeedsFlags): Promise<void> {
  if (flags.protocol !== undefined) {
    const { runMany } = await import("./protocol-chaos.ts");
    await runMany(flags.protocol, seeds, flags);
    return;
  }
  refuseProtocolOptions(flags);
  const { network, topology } = flags;
  await runCampaign(await chainCampaign({ seeds, network, topology }, flags), flags);
}
