/** Where a wallet's password comes from: a file, the environment, or the terminal. */

import { readFile } from "node:fs/promises";
import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Command } from "commander";
import { messageOf } from "../../src/primitives/error-message.ts";
import { CliError, exitCodes } from "./output.ts";

export type PasswordOptions = {
  /** False after --no-password. */
  readonly password: boolean;
  readonly passwordFile?: string;
};

export function withPasswordOptions(command: Command): Command {
  return command
    .option("--password-file <file>", "read the wallet's password from the first line of a file")
    .option("--no-password", "the wallet has no password: anyone who can read its file can spend");
}

/** A password for a new wallet, typed twice; empty only with --no-password. */
export async function askNewPassword(options: PasswordOptions): Promise<string> {
  if (!options.password) return "";
  const given = await readGivenPassword(options);
  if (given !== undefined) return given;
  const typed = await promptHidden("Password for the new wallet: ");
  if (typed === "") throw emptyPassword("An empty password");
  const again = await promptHidden("The same again: ");
  if (typed === again) return typed;
  throw new CliError("The two passwords differ. Nothing was written.", exitCodes.usage);
}

/** The password of a wallet that there is. */
export async function askPassword(options: PasswordOptions): Promise<string> {
  if (!options.password) return "";
  return (await readGivenPassword(options)) ?? promptHidden("The wallet's password: ");
}

async function readGivenPassword({ passwordFile }: PasswordOptions): Promise<string | undefined> {
  if (passwordFile !== undefined) {
    const password = (await readPasswordFile(passwordFile)).split(/\r?\n/, 1)[0] ?? "";
    if (password === "") throw emptyPassword(`An empty first line in ${passwordFile}`);
    return password;
  }
  const password = process.env["POWLAB_PASSWORD"];
  if (password === "") throw emptyPassword("An empty POWLAB_PASSWORD");
  return password;
}

async function readPasswordFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CliError(`Cannot read the password file: ${messageOf(error)}.`, exitCodes.usage);
  }
}

function emptyPassword(what: string): CliError {
  const way = "is no password; for a wallet without one say --no-password";
  return new CliError(`${what} ${way}.`, exitCodes.usage);
}

async function promptHidden(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CliError(
      "A password is needed, and there is no terminal to type it: " +
        "use --password-file, POWLAB_PASSWORD or --no-password.",
      exitCodes.usage,
    );
  }
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = openTerminal(silence);
  process.stderr.write(question); // only now: from here on the terminal shows nothing by itself
  return askLine(lines, "").finally(() => process.stderr.write("\n"));
}

/** Reads one line from the terminal, shown while it is typed. */
export function promptLine(question: string): Promise<string> {
  return askLine(openTerminal(process.stderr), question);
}

function openTerminal(echo: NodeJS.WritableStream): Interface {
  return createInterface({ input: process.stdin, output: echo, terminal: true });
}

async function askLine(lines: Interface, question: string): Promise<string> {
  const given = new AbortController();
  lines.once("SIGINT", () => given.abort());
  lines.once("close", () => given.abort());
  try {
    return await lines.question(question, { signal: given.signal });
  } catch (error) {
    if (!given.signal.aborted) throw error;
    throw new CliError("Cancelled. Nothing was changed.", exitCodes.failed);
  } finally {
    lines.close();
  }
}
