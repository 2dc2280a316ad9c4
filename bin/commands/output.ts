/**
 * The output of every command: data on stdout, messages on stderr, and an exit code for the result.
 */

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

/** A line for people. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Says what went wrong, without a stack trace. Several lines are several problems. */
export function sayProblem(message: string): void {
  for (const line of message.split("\n")) say(`${colours.red("powlab:")} ${line}`);
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
