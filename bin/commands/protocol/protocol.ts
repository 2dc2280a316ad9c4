/** `powlab protocol`: one run of a protocol with clients and faults, beside its formulas. */

import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { HistoryEvent } from "../../../src/checkers/history.ts";
import type { ProtocolEntry } from "../../../src/protocols/catalogue.ts";
import type { Behaviour } from "../../../src/protocols/process/behaviour.ts";
import type { Mutant, Protocol } from "../../../src/protocols/process/protocol.ts";
import type { ProtocolOutcome } from "../../../src/sim/process-world/protocol-run.ts";
import { withExamples } from "../examples.ts";
import { findNamed, findOwned } from "../named.ts";
import { wholeNumber } from "../numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { formatTable } from "../table.ts";
import type { ProtocolFlags } from "./flags.ts";
import { clientsMax, durationSecondsMax, liveNodesMax, nodesMax, requestsMax } from "./limits.ts";
import { showMutant, showMutants } from "./mutants.ts";
import { presetNames } from "./presets.ts";
import { collectTurns, turnsOf } from "./turns.ts";
import { parseValues } from "./values.ts";

/** Without faults, if no number is asked for. */
const usualRequests = { "key-value": 20, decision: 1, bit: 2 } as const;
/** With faults, in seconds: the usual presets are over by then. */
const usualDuration = 30;

const examples: readonly (readonly [string, string])[] = [
  ["powlab protocol raft --faults leader-crash", "a transcript, and its figures beside formulas"],
  [
    "powlab protocol last-writer --faults split-minority",
    "both sides answer: it is not linearizable",
  ],
  ["powlab protocol raft --mutant stale-votes", "the steps to its mistake, and what catches it"],
  [
    "powlab protocol raft --live --nodes 5 --duration 60 --faults leader-crash",
    "the same machines as processes, one of which is killed",
  ],
  [
    "powlab protocol pbft --byzantine n1=equivocating",
    "a primary that says two things: no fork, and evidence",
  ],
  ["powlab protocol raft --page", "step through it, and break something in its past"],
  ["powlab protocol list", "names, what they give up, mutants"],
];

export function register(program: Command): void {
  const command = program
    .command("protocol")
    .argument("<name>", "which protocol; `powlab protocol list` has their names")
    .description("run a consensus or commit protocol, with clients and faults")
    .option("--page", "serve a page that runs it, step by step and back, with your own faults")
    .option("--live", "in processes of this machine, each with HTTP; otherwise in virtual time")
    .option(
      "--nodes <count>",
      "processes (default: the protocol's usual number)",
      wholeNumber({ min: 2, max: nodesMax }),
    )
    .option("--seed <text>", "the random seed, any text: the same seed gives the same run", "1")
    .option("--graph <name|file>", "how they are linked in virtual time (default: complete, 10 ms)")
    .option("--faults <preset|file>", "a schedule of faults (default: none)")
    .option(
      "--clients <count>",
      "clients that ask in turn",
      wholeNumber({ min: 1, max: clientsMax }),
      3,
    )
    .option(
      "--requests <count>",
      "end after so many (default: 20; no limit with faults, or live)",
      wholeNumber({ min: 1, max: requestsMax }),
    )
    .option(
      "--duration <seconds>",
      "end after so much time (default: 30; live: until Ctrl-C)",
      wholeNumber({ min: 1, max: durationSecondsMax }),
    )
    .option("--mutant <name>", "with one rule replaced; alone: the steps that lead to its mistake")
    .option(
      "--byzantine <node=behaviour>",
      "a byzantine process from the start, such as n4=silent (repeatable)",
      collectTurns,
    )
    .option("--values <list>", "what is proposed in turn, where one value is decided", parseValues)
    .option("--history <file>", "write what clients asked and were answered, as Jepsen does")
    .option("--json", "write data for programs; the transcript goes to stderr")
    .action(runCommand);
  withExamples(command, examples, [
    "On the page messages take 50 to 100 ms, so that one sees them; in a transcript 10 ms.",
    "Presets of faults are files in config/faults/, to copy and change; the list names them.",
    "A schedule may name @leader, @coordinator or @follower: the process that is it when the fault",
    "strikes. Exit code 5 says that a check was broken, as it should be by most mutants.",
  ]);
  registerList(command);
  registerMutants(command);
}

function registerList(command: Command): void {
  withExamples(
    command
      .command("list")
      .description("all protocols with what they promise, their mutants, and the presets of faults")
      .option("--json", "write data for programs")
      .action(listProtocols),
    [["powlab protocol list"], ["powlab protocol list --json", "for programs"]],
  );
}

function registerMutants(command: Command): void {
  withExamples(
    command
      .command("mutants")
      .description("meet every mutant: which check catches it, after how many steps and seconds")
      .option("--json", "write a line of JSON for each, with its steps")
      .action(async (flags: { readonly json?: true }) => {
        const { protocols } = await import("../../../src/protocols/catalogue.ts");
        await showMutants(protocols, flags);
      }),
    [["powlab protocol mutants"], ["powlab protocol mutants --json", "for programs"]],
    [`The exit code is ${exitCodes.unexpected} if one is not caught by the check that it names.`],
  );
}

async function listProtocols({ json }: { readonly json?: true }): Promise<void> {
  const { behavioursOf, protocols } = await import("../../../src/protocols/catalogue.ts");
  const presets = presetNames();
  if (json) {
    const known = protocols.map((entry) => {
      const { name, summary, workload, usualNodes, mutants } = entry;
      const behaviours = behavioursOf(entry).map(({ name: behaviour, does }) => {
        return { name: behaviour, does };
      });
      return { name, summary, workload, usualNodes, mutants: mutants.map(plainOf), behaviours };
    });
    writeJson({ protocols: known, presets, clusters: await runningClusters() });
    return;
  }
  const columns = [{ title: "protocol" }, { title: "processes" }, { title: "what it gives" }];
  write(
    formatTable(
      columns,
      protocols.map(({ name, usualNodes, summary }) => [name, usualNodes, summary]),
    ),
  );
  for (const { name, mutants } of protocols) {
    if (mutants.length > 0) write(`\nmutants of ${name}\n${describeMutants(mutants)}`);
  }
  write(`\nbyzantine behaviours\n${describeBehaviours(protocols.flatMap(behavioursOf))}`);
  write(`\npresets of faults: ${presets.join(", ")}`);
  for (const { name, protocol, url, nodes } of await runningClusters()) {
    write(
      `\n${name} runs here: ${protocol}, ${Object.keys(nodes).length} processes, levers at ${url}`,
    );
  }
  say("Next: powlab protocol NAME --faults split-minority");
}

async function runningClusters() {
  const { Registry } = await import("../../../src/lab/running/registry.ts");
  return new Registry(process.env).clusters();
}

/** Each once, though many protocols have it. */
function describeBehaviours(behaviours: readonly Behaviour[]): string {
  const columns = [{ title: "  name" }, { title: "what it does" }];
  return formatTable(
    columns,
    [...new Set(behaviours)].map(({ name, does }) => [`  ${name}`, does]),
  );
}

function describeMutants(mutants: readonly Mutant[]): string {
  const columns = [{ title: "  name" }, { title: "must be caught by" }, { title: "what is wrong" }];
  const rows = mutants.map(({ name, caughtBy, mistake }) => [
    `  ${name}`,
    caughtBy ?? "nothing",
    mistake,
  ]);
  return formatTable(columns, rows);
}

/** Without the rules and options that a protocol's own mutants have besides. */
function plainOf({ name, mistake, caughtBy, essayLine, victim }: Mutant): Mutant {
  return {
    ...{ name, mistake, caughtBy },
    ...(essayLine !== undefined && { essayLine }),
    ...(victim !== undefined && { victim }),
  };
}

async function runCommand(typed: string, flags: ProtocolFlags, command: Command): Promise<void> {
  const { protocols } = await import("../../../src/protocols/catalogue.ts");
  const entry = findNamed("protocol", typed, protocols);
  const mutant = flags.mutant === undefined ? undefined : findMutant(entry, flags.mutant);
  if (flags.page) {
    const { servePage } = await import("./page.ts");
    await servePage(entry, flags);
    return;
  }
  if (mutant !== undefined && !isRunAsked(command)) {
    await showMutant(entry, mutant, flags);
    return;
  }
  refuseMisfits(entry, flags);
  if (flags.live) {
    await runLiveCommand(entry, mutant, flags);
    return;
  }
  const { outcome, lines, nodes } = await run(entry, mutant?.protocol ?? entry.protocol, flags);
  if (flags.history !== undefined) await writeHistory(flags.history, outcome.history);
  const figures = withoutHistory(outcome);
  if (flags.json)
    writeJson({
      protocol: entry.name,
      nodes,
      seed: flags.seed,
      mutant: mutant && plainOf(mutant),
      ...figures,
    });
  else {
    const { describeOutcome } = await import("./report.ts");
    write(`\n${describeOutcome(entry, outcome, nodes)}`);
  }
  if (mutant) sayMutant(entry.name, mutant, outcome, lines);
  if (outcome.failure) {
    throw new CliError(`${entry.name} broke ${outcome.failure.promise}.`, exitCodes.unexpected);
  }
  if (!flags.json && !mutant) say("Next: powlab protocol list, for faults and mutants");
}

async function runLiveCommand(
  entry: ProtocolEntry,
  mutant: Mutant | undefined,
  flags: ProtocolFlags,
): Promise<void> {
  const { runLive } = await import("./live.ts");
  const { verdict, history } = await runLive(entry, mutant?.name, flags);
  if (flags.history !== undefined) await writeHistory(flags.history, history);
  const { outcome, broken } = verdict;
  if (outcome === "holds") return;
  const message = broken?.message ?? "";
  if (outcome === "undecided") throw new CliError(`It could not be judged: ${message}.`);
  throw new CliError(`${entry.name} broke ${broken?.promise}.`, exitCodes.unexpected);
}

/** Of a long run it would be most of the output: `--history` writes it. */
function withoutHistory(outcome: ProtocolOutcome): Partial<ProtocolOutcome> {
  return { ...outcome, history: undefined };
}

function findMutant(entry: ProtocolEntry, typed: string) {
  return findOwned(entry, "mutant", typed, entry.mutants);
}

/** Whether something is said of a run, besides which mutant, and for whom to print. */
function isRunAsked(command: Command): boolean {
  return command.options.some((option) => {
    const name = option.attributeName();
    return !["mutant", "json"].includes(name) && command.getOptionValueSource(name) === "cli";
  });
}

function refuseMisfits({ name, workload }: ProtocolEntry, flags: ProtocolFlags): void {
  if (flags.live && flags.byzantine !== undefined) {
    const message = "--byzantine is of virtual time: with --live every process is honest.";
    throw new CliError(message, exitCodes.usage);
  }
  if (flags.live && flags.graph !== undefined) {
    const message =
      "--graph is of virtual time: with --live every process is linked with every other.";
    throw new CliError(message, exitCodes.usage);
  }
  if (flags.live && (flags.nodes ?? 0) > liveNodesMax) {
    const message = `--nodes is at most ${liveNodesMax} with --live: each process takes about 90 MB.`;
    throw new CliError(message, exitCodes.usage);
  }
  if (flags.values !== undefined && workload === "key-value") {
    const message = `--values is for protocols that decide one value, and clients of ${name} write keys.`;
    throw new CliError(message, exitCodes.usage);
  }
  if (flags.history !== undefined && workload !== "key-value") {
    const message = `--history is of reads and writes of keys, and clients of ${name} propose values.`;
    throw new CliError(message, exitCodes.usage);
  }
}

async function run(entry: ProtocolEntry, protocol: Protocol, flags: ProtocolFlags) {
  const { runProtocol } = await import("../../../src/sim/process-world/protocol-run.ts");
  const count = flags.nodes ?? entry.usualNodes;
  const { completeNetwork, readNetwork, readSchedule } = await import("./files.ts");
  const network =
    flags.graph === undefined ? completeNetwork(count) : await readNetwork(flags.graph, count);
  const { names } = network;
  if (flags.nodes !== undefined && flags.nodes !== names.length) {
    const message = `--nodes is ${flags.nodes}, and the graph has ${names.length}: leave --nodes out.`;
    throw new CliError(message, exitCodes.usage);
  }
  const { behavioursOf } = await import("../../../src/protocols/catalogue.ts");
  const turns = turnsOf(flags.byzantine ?? [], names, {
    ...entry,
    behaviours: behavioursOf(entry),
  });
  const schedule = flags.faults === undefined ? [] : await readSchedule(flags.faults, names, entry);
  const faults = [...turns, ...schedule];
  const hasLimit = schedule.length > 0 || flags.duration !== undefined;
  const requests = flags.requests ?? (hasLimit ? undefined : usualRequests[entry.workload]);
  const lines: string[] = [];
  const show = flags.json ? say : write;
  const outcome = runProtocol({
    ...{ protocol, network, faults },
    behaviours: behavioursOf(entry),
    workload: entry.workload,
    seed: flags.seed,
    clients: flags.clients,
    ...(requests !== undefined && { requestsMax: requests }),
    durationMs: (flags.duration ?? usualDuration) * 1000,
    ...(flags.values && { values: flags.values }),
    onLine: (line) => {
      lines.push(line);
      show(line);
    },
  });
  return { outcome, lines, nodes: names.length };
}

async function writeHistory(path: string, history: readonly HistoryEvent[] = []): Promise<void> {
  const { writeJsonLines } = await import("../../../src/checkers/formats/json-lines.ts");
  await writeFile(path, writeJsonLines(history));
  say(`${path} has ${history.length} events; judge it with: powlab check linearizable ${path}`);
}

/** Enough to see how it came to it. */
const lastSteps = 12;

function sayMutant(
  protocol: string,
  mutant: Mutant,
  { failure }: ProtocolOutcome,
  lines: readonly string[],
): void {
  const source = mutant.essayLine === undefined ? "" : ` (line ${mutant.essayLine} of the essay)`;
  const victim = mutant.victim === undefined ? "" : `; shipped by ${mutant.victim}`;
  say(`\nmutant ${mutant.name}: ${mutant.mistake}${source}${victim}`);
  if (failure === undefined) {
    if (mutant.caughtBy === undefined) {
      say("no check caught it here, as it should be");
      return;
    }
    say(`no check caught it here; ${mutant.caughtBy} catches it where steps or faults fit.`);
    say(`Next: powlab protocol ${protocol} --mutant ${mutant.name}, which shows such steps`);
    return;
  }
  say(`caught by ${failure.promise}; the last steps:`);
  for (const line of lines.slice(-lastSteps)) say(line);
}
