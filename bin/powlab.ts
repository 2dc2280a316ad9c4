#!/usr/bin/env node
/** The program `powlab`: finds the command that was typed and tells how it ended. */

import "../src/io/platform/polyfill.ts";
import { Command, CommanderError } from "commander";
import * as attack from "./commands/attack.ts";
import * as bench from "./commands/bench.ts";
import * as chain from "./commands/chain.ts";
import * as exportation from "./commands/export.ts";
import * as lab from "./commands/lab.ts";
import * as mine from "./commands/mine.ts";
import * as node from "./commands/node.ts";
import { CliError, exitCodes, sayProblem, write, type ExitCode } from "./commands/output.ts";
import * as peers from "./commands/peers.ts";
import * as replay from "./commands/replay.ts";
import * as simulate from "./commands/simulate.ts";
import * as tx from "./commands/tx.ts";
import * as wallet from "./commands/wallet.ts";

const defaultCommand = "lab";
const programFlags = ["-h", "--help", "-V", "--version"];

const examples = `
Examples:
  $ powlab                                     a network of nodes on this machine
  $ powlab lab --duration 60 --json            the same for a minute, for programs
  $ powlab node --mine ADDRESS                 one node that mines
  $ powlab node --connect MULTIADDR            another one that joins it
  $ powlab attack double-spend --share 0.6     take a payment back
  $ powlab replay my-lab/timeline.jsonl        look at a lab that has ended
  $ powlab chain tip                           what a running node builds on

Without a command powlab runs the lab. Each command has its own --help.
Exit codes: 0 ok, 1 failed, 2 usage, 3 no node answers, 4 rejected by the rules, 5 an experiment
did not end as expected.`;

function createProgram(): Command {
  const program = new Command("powlab")
    .description("A proof-of-work blockchain node to read, run and attack")
    .usage("[command] [options]")
    .option("-V, --version", "print the version")
    .addHelpText("after", examples)
    .exitOverride()
    .configureOutput({ outputError: sayUsageProblem });
  // Each of these only describes itself here: what it needs to run is imported when it runs.
  const running = [lab, node, wallet, attack, simulate, replay, exportation];
  const asking = [chain, tx, peers, mine, bench];
  for (const { register } of [...running, ...asking]) register(program);
  return program;
}

/** Commander's words on one line; it also guesses what was meant. */
function sayUsageProblem(text: string): void {
  const line = text
    .replace(/^error: /, "")
    .trim()
    .replaceAll("\n", " ");
  sayProblem(`${line}. Each command explains itself with --help.`);
}

async function run(typed: readonly string[]): Promise<void> {
  const first = typed[0] ?? "";
  if (first === "-V" || first === "--version") {
    const { readVersion } = await import("../src/io/platform/version.ts");
    write(readVersion());
    return;
  }
  const isCommand = first !== "" && !first.startsWith("-");
  const hasDefault = !isCommand && !programFlags.includes(first);
  const words = hasDefault ? [defaultCommand, ...typed] : typed;
  await createProgram().parseAsync(words, { from: "user" });
}

/** Whatever goes wrong ends in a message and a code, never in a stack trace. */
function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage; // it has said why itself
  }
  sayProblem(error instanceof Error ? error.message : String(error));
  return error instanceof CliError ? error.exitCode : exitCodes.failed;
}

/** Does not wait for libp2p, which lingers; but what was written must get out. */
function exit(code: ExitCode): void {
  process.stdout.write("", () => process.exit(code));
}

// Whoever reads us may have had enough, as `head` does.
process.stdout.on("error", () => process.exit(exitCodes.ok));
process.on("uncaughtException", (error) => exit(exitCodeOf(error)));
process.on("unhandledRejection", (error) => exit(exitCodeOf(error)));

run(process.argv.slice(2)).then(
  () => exit(exitCodes.ok),
  (error: unknown) => exit(exitCodeOf(error)),
);
