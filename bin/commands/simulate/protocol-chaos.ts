/** `powlab simulate chaos --protocol`: processes of a protocol under faults, from one seed or many. */

import { type ProtocolEntry, protocolNamed, protocols } from "../../../src/protocols/catalogue.ts";
import type { Topology } from "../../../src/sim/engine/topology.ts";
import { type CampaignTotals, findGaps, totalOf } from "../../../src/sim/process-chaos/campaign.ts";
import type { ProcessChaosReport } from "../../../src/sim/process-chaos/chaos.ts";
import type { ProcessPlan } from "../../../src/sim/process-chaos/plan.ts";
import { describeProcessFault } from "../../../src/sim/process-world/byzantine.ts";
import { findNamed, findOwned } from "../named.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { formatFacts, formatTable } from "../table.ts";
import { type Asked, type Campaign, questionOf, runCampaign } from "./campaign.ts";
import type { ChaosFlags, SeedsFlags } from "./chaos-flags.ts";
import { Fingerprint } from "./fingerprint.ts";
import type { ProcessChaosTask } from "./protocol-chaos.worker.ts";
import { brokenPromises, sayFailure, type SeedRange, seedsOf } from "./seeds.ts";

/** @throws CliError that says which names there are. */
function findEntry(name: string, mutant: string | undefined): ProtocolEntry {
  const entry = findNamed("protocol", name, protocols);
  if (mutant === undefined) return entry;
  const { protocol } = findOwned(entry, "mutant", mutant, entry.mutants);
  return { ...entry, protocol };
}

/** What is wrong with a mutant that broke promises, and whether the check that must catch it did. */
function sayMutant(asked: Omit<Asked, "seeds">, reports: readonly ProcessChaosReport[]): void {
  const entry = protocolNamed(asked.protocol ?? "");
  const mutant = entry?.mutants.find(({ name }) => name === asked.mutant);
  const broken = reports.flatMap(({ outcome }) => outcome.failure?.promise ?? []);
  if (mutant === undefined || broken.length === 0) return;
  const { mistake, caughtBy, essayLine } = mutant;
  say(`The mistake: ${mistake}`);
  if (essayLine !== undefined) say(`  the essay says it so in line ${essayLine}`);
  if (caughtBy === undefined) return;
  const count = broken.filter((promise) => promise === caughtBy).length;
  say(
    `  the check that must catch it, ${caughtBy}: in ${count} of ${broken.length} runs that fail`,
  );
}

/** What it takes besides the seed to see a run again. */
function optionsOf(name: string, { nodes, mutant, topology }: Omit<Asked, "seeds">): string {
  const others = Object.entries({ nodes, mutant, topology }).flatMap(([flag, value]) => {
    return value === undefined ? [] : [`--${flag} ${value}`];
  });
  return [`--protocol ${name}`, ...others].join(" ");
}

async function topologyOf(text: string | undefined): Promise<Topology | undefined> {
  if (text === undefined) return undefined;
  const { readTopology } = await import("./chaos-files.ts");
  return readTopology(text);
}

/** @throws CliError for an option that only the chain has. */
function refuseNetwork({ network }: Pick<ChaosFlags, "network">): void {
  if (network === undefined) return;
  const message = "--network chooses rules of the chain, and processes have none: leave it out.";
  throw new CliError(message, exitCodes.usage);
}

/** One run with its transcript. */
export async function runOne(name: string, flags: ChaosFlags): Promise<void> {
  refuseNetwork(flags);
  const { investigateProcessChaos } = await import("../../../src/sim/process-chaos/chaos.ts");
  const { planProcessChaos } = await import("../../../src/sim/process-chaos/plan.ts");
  const entry = findEntry(name, flags.mutant);
  const topology = await topologyOf(flags.topology);
  const nodes = flags.nodes ?? entry.usualNodes;
  const drawn = planProcessChaos(flags.seed, { protocol: name, nodes, topology });
  const onLine = flags.quiet ? undefined : flags.json ? say : write;
  const plan = { ...drawn, faults: await scheduleOf(flags.faults, drawn, entry) };
  const report = investigateProcessChaos({ plan, entry, ...(onLine && { onLine }) });
  if (flags.json) writeJson(report);
  sayFailure(report, optionsOf(name, flags), describeProcessFault);
  sayMutant({ ...flags, protocol: name }, [report]);
  if (report.outcome.failure) throw brokenPromises(1);
  if (!flags.json && !flags.quiet) {
    say(`Next: powlab simulate chaos --protocol ${name} --seeds 1..100`);
  }
}

async function scheduleOf(
  path: string | undefined,
  { faults, network }: ProcessPlan,
  entry: ProtocolEntry,
) {
  if (path === undefined) return faults;
  const { readSchedule } = await import("../protocol/files.ts");
  return readSchedule(path, network.names, entry);
}

/** One run for each seed, and what they met together. */
export async function runMany(name: string, seeds: SeedRange, flags: SeedsFlags): Promise<void> {
  refuseNetwork(flags);
  const { mutant } = flags;
  const entry = findEntry(name, mutant);
  const topology = await topologyOf(flags.topology);
  const nodes = flags.nodes ?? entry.usualNodes;
  const asked = { seeds, protocol: name, nodes: flags.nodes, mutant, topology: flags.topology };
  const campaign: Campaign<ProcessChaosTask, ProcessChaosReport> = {
    question: questionOf(asked, topology),
    tasks: seedsOf(seeds).map((seed) => ({ seed, protocol: name, mutant, nodes, topology })),
    worker: "bin/commands/simulate/protocol-chaos.worker",
    print: (reports) => printProtocolCampaign(asked, reports, flags),
  };
  await runCampaign(campaign, flags);
}

/** @throws CliError if a promise was broken, the campaign shows too little, or runs are missing. */
export function printProtocolCampaign(
  asked: Asked & { readonly protocol: string },
  reports: readonly ProcessChaosReport[],
  { json }: { readonly json?: true },
): void {
  const { protocol, seeds } = asked;
  const outcomes = reports.map(({ outcome }) => outcome);
  const failures = reports.filter(({ outcome }) => outcome.failure !== undefined);
  const gaps = findGaps(outcomes);
  for (const report of failures)
    sayFailure(report, optionsOf(protocol, asked), describeProcessFault);
  sayMutant(asked, reports);
  const fingerprint = fingerprintOf(reports);
  const total = totalOf(outcomes);
  const known = { protocol, seeds: `${seeds.first}..${seeds.last}`, fingerprint };
  if (json) writeJson({ ...known, ...total, gaps, failures });
  else write(describeTotals(known, total));
  if (failures.length > 0) throw brokenPromises(failures.length);
  const count = seeds.last - seeds.first + 1;
  if (reports.length < count) throw new CliError(`Interrupted after ${reports.length} seeds.`);
  if (gaps.length > 0) {
    const message = `The campaign shows too little: ${gaps.join("; ")}. Take more seeds.`;
    throw new CliError(message, exitCodes.unexpected);
  }
  if (!json) say(`Next: powlab simulate chaos --protocol ${protocol} --seed ${seeds.first}`);
}

function fingerprintOf(reports: readonly ProcessChaosReport[]): string {
  const fingerprint = new Fingerprint();
  for (const report of reports) fingerprint.add(report);
  return fingerprint.finish();
}

function describeTotals(
  known: Readonly<Record<string, string | number>>,
  { strikes, deviations, ...total }: CampaignTotals,
): string {
  const rows = Object.entries(strikes).map(([verb, states]) => {
    const count = Object.values(states).reduce((sum, each) => sum + each, 0);
    const inStates = Object.entries(states).map(([state, each]) => `${each} ${state}`);
    return [verb, count, inStates.join(", ")];
  });
  const columns = [
    { title: "fault" },
    { title: "struck", align: "right" as const },
    { title: "in which state" },
  ];
  const tables = [formatTable(columns, rows.sort()), describeDeviations(deviations)];
  return [formatFacts({ ...known, ...total }), ...tables]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** What byzantine processes did that an honest one would not; nothing where there were none. */
function describeDeviations(deviations: CampaignTotals["deviations"]): string {
  const rows = Object.entries(deviations).sort();
  if (rows.length === 0) return "";
  return formatTable([{ title: "behaviour" }, { title: "deviations", align: "right" }], rows);
}
