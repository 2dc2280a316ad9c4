/** A campaign of chaos: one run for each seed, on one machine or as shards on several. */

import { JsonReader } from "../../../src/primitives/json-reader.ts";
import type { Verdict } from "../../../src/primitives/verdict.ts";
import { type ChaosNetwork, chaosNetworks } from "../../../src/sim/chaos/rules.ts";
import type { AnyFault } from "../../../src/sim/engine/faults.ts";
import type { Report } from "../../../src/sim/engine/investigate.ts";
import type { Topology } from "../../../src/sim/engine/topology.ts";
import { CliError, exitCodes, say } from "../output.ts";
import { type ShardFlags, shardOf, writeShard } from "../shard-files.ts";
import { runSeeds, type SeedOutcome, type SeedRange, type SeedsOptions } from "./seeds.ts";

export const mergeCommand = "powlab simulate chaos merge";

/** What a user asked for: what is printed follows from it and the reports. */
export type Asked = {
  readonly seeds: SeedRange;
  readonly network?: ChaosNetwork | undefined;
  readonly protocol?: string | undefined;
  readonly nodes?: number | undefined;
  readonly mutant?: string | undefined;
  /** As it was written: a name, or a file. */
  readonly topology?: string | undefined;
};

/** Equal campaigns give equal texts. @param graph what the file of a topology holds. */
export function questionOf(asked: Asked, graph: Topology | undefined): string {
  const { seeds, network, protocol, nodes, mutant, topology } = asked;
  const range = [seeds.first, seeds.last];
  return JSON.stringify({ seeds: range, network, protocol, nodes, mutant, topology, graph });
}

const keys = ["seeds", "network", "protocol", "nodes", "mutant", "topology", "graph"];

/** @returns as problem a sentence without a full stop. */
export function parseAsked(question: string): Verdict<Asked, string> {
  return JsonReader.read(question, (reader) => {
    const fields = reader.object(keys);
    return {
      seeds: readSeeds(fields.get("seeds")),
      network: fields.find("network")?.word(chaosNetworks),
      protocol: fields.find("protocol")?.text(),
      nodes: fields.find("nodes")?.wholeNumber({ min: 1 }),
      mutant: fields.find("mutant")?.text(),
      topology: fields.find("topology")?.text(),
    };
  });
}

function readSeeds(reader: JsonReader): SeedRange {
  const [first = 0, last = -1] = reader.list().map((item) => item.wholeNumber({ min: 0 }));
  return first <= last ? { first, last } : reader.refuse("must be the first seed and the last");
}

export type Campaign<Task, R> = {
  readonly question: string;
  readonly tasks: readonly Task[];
  /** Where the worker is that runs a task. */
  readonly worker: string;
  /** Prints what the reports tell. @throws CliError if a promise was broken. */
  readonly print: (reports: readonly R[]) => void;
};

/** Runs it and prints what it told, or writes the shard that is this machine's. */
export async function runCampaign<Task, R extends Report<SeedOutcome, AnyFault>>(
  { question, tasks, worker, print }: Campaign<Task, R>,
  flags: SeedsOptions & ShardFlags,
): Promise<void> {
  const shard = shardOf(flags);
  if (shard === undefined) {
    const startedAt = performance.now();
    const reports = await runSeeds<Task, R>({ tasks, flags, worker });
    if (!flags.quiet) sayTime(reports.length, startedAt);
    print(reports);
    return;
  }
  if (flags.failFast) {
    const message = "--fail-fast would leave a shard that is not whole: leave it out.";
    throw new CliError(message, exitCodes.usage);
  }
  const answer = async (own: readonly Task[]) => {
    const reports = await runSeeds<Task, R>({ tasks: own, flags, worker });
    if (reports.length < own.length) {
      throw new CliError(`Interrupted after ${reports.length} runs: the shard is not written.`);
    }
    return reports;
  };
  await writeShard({ question, tasks, answer, merge: mergeCommand }, shard);
}

/** Unlike all else never twice the same, and so not among the results. */
function sayTime(runs: number, startedAt: number): void {
  const seconds = (performance.now() - startedAt) / 1000;
  const rate = runs / Math.max(seconds, 0.001);
  say(`${runs} runs in ${seconds.toFixed(1)} s, ${rate.toFixed(1)} a second`);
}
