#!/usr/bin/env node
/** The program `powlab`: finds the command that was typed, and reports how it ended. */

import "../src/io/platform/polyfill.ts";
import { CommanderError } from "commander";
import { messageOf } from "../src/primitives/error-message.ts";
import { CliError, type ExitCode, exitCodes, sayProblem, write } from "./commands/output.ts";
import { createProgram, withDefaultCommand } from "./program.ts";

async function run(typed: readonly string[]): Promise<void> {
  const first = typed[0] ?? "";
  if (first === "-V" || first === "--version") {
    const { readVersion } = await import("../src/io/platform/version.ts");
    write(readVersion());
    return;
  }
  const words = withDefaultCommand(typed);
  const program = await createProgram(words[0] === "help" ? (words[1] ?? "") : (words[0] ?? ""));
  await program.parseAsync(words, { from: "user" });
}

/** Whatever goes wrong ends in a message and a code, never in a stack trace. */
function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage; // its reason was printed already
  }
  sayProblem(messageOf(error));
  return error instanceof CliError ? error.exitCode : exitCodes.failed;
}

/** Does not wait for libp2p, which is slow to close; but all output must be flushed. */
function exit(code: ExitCode): void {
  process.stdout.write("", () => process.exit(code));
}

// The reader of our output may close it early, as `head` does.
process.stdout.on("error", () => process.exit(exitCodes.ok));
process.on("uncaughtException", (error) => exit(exitCodeOf(error)));
process.on("unhandledRejection", (error) => exit(exitCodeOf(error)));

run(process.argv.slice(2)).then(
  () => exit(exitCodes.ok),
  (error: unknown) => exit(exitCodeOf(error)),
);
