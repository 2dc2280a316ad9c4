/**
 * The output of every command: data on stdout, messages on stderr, and an exit code for the result.
 */

import { stripVTControlCharacters } from "node:util";
import picocolors from "picocolors";

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** No node answers. */
  unreachable: 3,
  /** The network's rules forbid it. */
  rejected: 4,
  /** An experiment did not end as it was expected to, or a history is not linearizable. */
  unexpected: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command. Its message says what is wrong, with which input, and what to do next. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = exitCodes.failed, options?: ErrorOptions) {
    super(message, options);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}

/**
 * Colours for stderr; picocolors itself checks stdout, which may be redirected while stderr is not.
 */
export const colours = picocolors.createColors(
  process.stderr.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb",
);

/** A line of data. */
export function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line of JSON; a bigint becomes a string of its digits. */
export function writeJson(value: unknown): void {
  write(JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}` : each)));
}

/** What stderr has: words for people, or one JSON object a line. */
export const logForms = ["words", "json"] as const;

export type LogLevel = "info" | "warn" | "error";

/** What every line of the log has in it; undefined while it is written in words. */
let logFacts: Readonly<Record<string, unknown>> | undefined;

/** From now on stderr is a log in JSON. @param facts what every line has in it. */
export function logAsJson(facts: Readonly<Record<string, unknown>> = {}): void {
  logFacts = facts;
}

/** A line of the log in JSON; nothing while it is written in words. */
export function log(
  level: LogLevel,
  event: string,
  facts: Readonly<Record<string, unknown>>,
  atMs: number = Date.now(),
): void {
  if (logFacts === undefined) return;
  const line = { time: new Date(atMs).toISOString(), level, ...logFacts, event, facts };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** A line for people. */
export function say(line: string): void {
  if (logFacts !== undefined) log("info", "message", { message: wordsOf(line) });
  else process.stderr.write(`${line}\n`);
}

/** Says what went wrong, without a stack trace. Several lines are several problems. */
export function sayProblem(message: string): void {
  if (logFacts !== undefined) log("error", "problem", { message: wordsOf(message) });
  else for (const line of message.split("\n")) say(`${colours.red("powlab:")} ${line}`);
}

function wordsOf(line: string): string {
  return stripVTControlCharacters(line).trim();
}

/** "14:03:59", in the time zone of this machine. */
export function clockTime(atMs: number): string {
  return new Date(atMs).toTimeString().slice(0, 8);
}

/** "65.5k" for 65,536. */
export function shortNumber(value: number): string {
  const units = ["", "k", "M", "G", "T", "P", "E"];
  const steps = value < 1_000 ? 0 : Math.floor(Math.log10(value) / 3);
  const unit = Math.min(steps, units.length - 1);
  return `${Number((value / 1_000 ** unit).toPrecision(3))}${units[unit]}`;
}

/** Waits for the first Ctrl-C or polite kill; the second one ends the process at once. */
export function untilInterrupted(): Promise<NodeJS.Signals> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  return new Promise((resolve) => {
    for (const signal of signals) {
      process.once(signal, () => {
        resolve(signal);
        for (const again of signals) process.once(again, () => process.exit(exitCodes.failed));
      });
    }
  });
}
