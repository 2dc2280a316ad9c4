/** A campaign of chaos for the chain: each seed on the rules of both networks. */

import { describeChainFault } from "../../../src/sim/chain-world/chain-faults.ts";
import { neverStruck, strikesOf } from "../../../src/sim/chaos/campaign.ts";
import type { ChaosOutcome } from "../../../src/sim/chaos/chaos.ts";
import type { ChaosReport } from "../../../src/sim/chaos/investigate.ts";
import { type ChaosNetwork, chaosNetworks } from "../../../src/sim/chaos/rules.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { formatFacts } from "../table.ts";
import { type Asked, type Campaign, questionOf } from "./campaign.ts";
import type { ChaosTask } from "./chaos.worker.ts";
import { Fingerprint } from "./fingerprint.ts";
import { brokenPromises, sayFailure, seedsOf } from "./seeds.ts";

type Printing = { readonly json?: true };

export function networksOf({ network }: Pick<Asked, "network">): readonly ChaosNetwork[] {
  return network === undefined ? chaosNetworks : [network];
}

export async function chainCampaign(
  asked: Asked,
  printing: Printing,
): Promise<Campaign<ChaosTask, ChaosReport>> {
  const { readTopology } = await import("./chaos-files.ts");
  const topology = asked.topology === undefined ? undefined : await readTopology(asked.topology);
  const tasks = seedsOf(asked.seeds).flatMap((seed) => {
    return networksOf(asked).map((network): ChaosTask => ({ seed, network, topology }));
  });
  return {
    question: questionOf(asked, topology),
    tasks,
    worker: "bin/commands/simulate/chaos.worker",
    print: (reports) => printChainCampaign(asked, reports, printing),
  };
}

/** @throws CliError if a promise was broken, a kind of fault never struck, or runs are missing. */
export function printChainCampaign(
  asked: Asked,
  reports: readonly ChaosReport[],
  { json }: Printing,
): void {
  const { seeds } = asked;
  const networks = networksOf(asked);
  const failures = reports.filter(({ outcome }) => outcome.failure !== undefined);
  for (const report of failures) sayChainFailure(report);
  const outcomes = reports.map(({ outcome }) => outcome);
  const known = {
    seeds: `${seeds.first}..${seeds.last}`,
    networks: networks.join(", "),
    ...totalOf(reports),
  };
  const struck = strikesOf(outcomes);
  if (json) writeJson({ ...known, struck, failures });
  else write(formatFacts({ ...known, ...struck }));
  if (failures.length > 0) throw brokenPromises(failures.length);
  requireStrikes(outcomes);
  if (reports.length < seedsOf(seeds).length * networks.length)
    throw new CliError(`Interrupted after ${reports.length} runs.`);
  if (!json) say(`Next: powlab simulate chaos --seed ${seeds.first}`);
}

export function sayChainFailure(report: ChaosReport): void {
  sayFailure(report, `--network ${report.outcome.network}`, describeChainFault);
}

/** @throws CliError if some kind of fault never struck in many runs. */
function requireStrikes(outcomes: readonly ChaosOutcome[]): void {
  const missing = neverStruck(outcomes);
  if (missing.length === 0) return;
  const verbs = missing.join(", ");
  const sentence = `In ${outcomes.length} runs these faults never struck: ${verbs}.`;
  throw new CliError(sentence, exitCodes.unexpected);
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
