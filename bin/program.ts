/** The commands of powlab, as they describe themselves in the help. */

import { Command } from "commander";
import * as attack from "./commands/attack/attack.ts";
import * as bench from "./commands/bench.ts";
import * as cap from "./commands/cap/cap.ts";
import * as chain from "./commands/chain.ts";
import * as chainLevers from "./commands/chain-levers.ts";
import * as check from "./commands/check.ts";
import { type Example, withExamples } from "./commands/examples.ts";
import * as exportation from "./commands/export.ts";
import * as lab from "./commands/lab.ts";
import * as maelstrom from "./commands/maelstrom/maelstrom.ts";
import * as mine from "./commands/mine.ts";
import * as node from "./commands/node.ts";
import { sayProblem } from "./commands/output.ts";
import * as peers from "./commands/peers.ts";
import * as protocol from "./commands/protocol/protocol.ts";
import * as replay from "./commands/replay.ts";
import * as tx from "./commands/tx.ts";
import * as wallet from "./commands/wallet/wallet.ts";

const defaultCommand = "lab";
const programFlags = ["-h", "--help", "-V", "--version"];

const examples: readonly Example[] = [
  ["powlab", "a network of nodes on this machine"],
  ["powlab lab --duration 60 --json", "the same for a minute, for programs"],
  ['powlab node --mine "$(powlab wallet address)"', "one node that mines"],
  ["powlab node --connect MULTIADDR", "another one that joins it"],
  ["powlab attack double-spend --share 0.6", "take a payment back"],
  ["powlab simulate double-spend --seed 7", "the same in virtual time, from a seed"],
  ["powlab experiment double-spend", "many times, beside theory"],
  ["powlab protocol raft --faults leader-crash", "a consensus protocol, with clients and faults"],
  ["powlab cap", "all of them under one schedule, proof of work beside them"],
  ["powlab replay my-lab/timeline.jsonl", "look at a lab that has ended"],
  ["powlab chain tip", "what a running node builds on"],
];

const notes = [
  "Without a command powlab runs the lab. Each command has its own --help.",
  "Exit codes: 0 ok, 1 failed, 2 usage, 3 no node answers, 4 rejected by the rules,",
  "5 an experiment did not end as expected, or a history is not linearizable.",
];

type Group = {
  readonly name: string;
  readonly description: string;
  readonly examples: readonly Example[];
  readonly load: () => Promise<{ readonly addSubcommands: (parent: Command) => void }>;
};

/** Their subcommands are derived from catalogues, which are read only if they are asked for. */
const groups: readonly Group[] = [
  {
    name: "simulate",
    description: "run one scenario in virtual time; the same seed gives the same transcript",
    examples: [["powlab simulate double-spend --seed 7"], ["powlab simulate chaos --seed 7"]],
    load: () => import("./commands/simulate/simulate.ts"),
  },
  {
    name: "experiment",
    description: "test a claim in many runs, beside what theory expects",
    examples: [
      ["powlab experiment list", "what is claimed"],
      ["powlab experiment double-spend --share 0.3", "one claim, with values of your own"],
      ["powlab experiment double-spend table", "one claim, for a table of values"],
      ["powlab experiment all --html report.html", "all of them, and as a page"],
    ],
    load: () => import("./commands/experiment/experiment.ts"),
  },
  {
    name: "explore",
    description: "visit every state of a protocol, and find the shortest way to a broken promise",
    examples: [
      ["powlab explore list", "what can be explored"],
      ["powlab explore gray-lamport-commit --managers 3", "288 states, as TLC counts"],
      ["powlab explore single-copy --servers 2", "why two copies are not linearizable"],
    ],
    load: () => import("./commands/explore/explore.ts"),
  },
];

/** @param wanted the group whose subcommands are needed, or all of them. */
export async function createProgram(wanted: string): Promise<Command> {
  const program = new Command("powlab")
    .description("A proof-of-work blockchain node to read, run and attack")
    .usage("[command] [options]")
    .option("-V, --version", "print the version")
    .exitOverride()
    // So that `experiment double-spend table --seed 2` gives the seed to the table.
    .enablePositionalOptions()
    .configureOutput({ outputError: sayUsageProblem });
  withExamples(program, examples, notes);
  // Each of these only describes itself here: what it needs to run is imported when it runs.
  for (const { register } of [lab, node, wallet, attack]) register(program);
  for (const { name, description, examples: some, load } of groups) {
    const group = withExamples(program.command(name).description(description), some);
    // Without "[options]" behind each, the descriptions have room enough to be wrapped.
    group.configureHelp({ subcommandTerm: (command) => command.name() });
    if (wanted === name || wanted === "all") (await load()).addSubcommands(group);
  }
  for (const { register } of [
    protocol,
    maelstrom,
    cap,
    check,
    replay,
    exportation,
    chain,
    tx,
    peers,
    mine,
    chainLevers,
    bench,
  ]) {
    register(program);
  }
  return program;
}

/** What was typed, with the command that it means if it names none. */
export function withDefaultCommand(typed: readonly string[]): readonly string[] {
  const first = typed[0] ?? "";
  const isCommand = first !== "" && !first.startsWith("-");
  return isCommand || programFlags.includes(first) ? typed : [defaultCommand, ...typed];
}

/** Commander's words on one line that ends in one full stop; it also guesses what was meant. */
function sayUsageProblem(text: string): void {
  const line = text
    .replace(/^error: /, "")
    .trim()
    .replaceAll("\n", " ")
    .replace(/\.$/, "");
  sayProblem(`${line}. Each command explains itself with --help.`);
}
