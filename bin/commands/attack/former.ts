/**
 * Options that `powlab attack` no longer has: each is answered with the command that replaces it.
 */

import { type Command, Option } from "commander";
import type { AttackName } from "../../../src/attacks/catalogue.ts";
import { CliError, exitCodes } from "../output.ts";

/** They asked for many runs without nodes. */
const manyRuns = {
  valued: ["runs", "gamma", "peers", "html"],
  plain: ["table", "full", "csv", "quiet"],
} as const;

/** They asked for a table of values, which is a command of its own now. */
const ofTable = ["table", "html", "csv"] as const;

/** Flags without which an experiment is not the one that was meant, if they were not typed. */
const usual: Partial<
  Readonly<Record<AttackName, readonly (readonly [flag: string, value: string])[]>>
> = {
  "double-spend": [
    ["--share", "0.3"],
    ["--confirmations", "6"],
  ],
};

/** Takes the former flags, so that they can be answered, but does not show them. */
export function withFormerFlags(command: Command): Command {
  for (const flag of manyRuns.valued) command.addOption(hidden(`--${flag} <value>`));
  for (const flag of [...manyRuns.plain, "live"]) command.addOption(hidden(`--${flag}`));
  return command;
}

function hidden(flags: string): Option {
  return new Option(flags).hideHelp();
}

/** @throws CliError with what to type instead if one of them was typed. */
export function refuseFormerFlags(
  name: AttackName,
  flags: Readonly<Record<string, unknown>>,
): void {
  const typed = typedBehind(name);
  if ([...manyRuns.valued, ...manyRuns.plain].some((flag) => flags[flag] !== undefined)) {
    const isTable = ofTable.some((flag) => flags[flag] !== undefined);
    throw newSpelling(name, isTable ? asTable(typed) : withUsual(name, spelledNow(typed)));
  }
  if (flags["live"] === undefined) return;
  const rest = typed.filter((word) => word !== "--live").join(" ");
  throw new CliError(
    `An attack is always live now. Type: powlab attack ${`${name} ${rest}`.trim()}`,
    exitCodes.usage,
  );
}

/** Those that were never live. */
export function registerFormerCommands(attack: Command): void {
  for (const [name, now] of [
    ["partition", "partition"],
    ["report", "all"],
  ] as const) {
    attack
      .command(name, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw newSpelling(now, typedBehind(name));
      });
  }
}

function newSpelling(name: string, words: readonly string[]): CliError {
  const command = ["powlab experiment", name, ...words].join(" ");
  return new CliError(`Many runs are an experiment now. Type: ${command}`, exitCodes.usage);
}

/** A table has its own shares and confirmations, so it takes none. */
function asTable(typed: readonly string[]): readonly string[] {
  const kept = ["--html", "--runs", "--seed"].flatMap((flag) => {
    const at = typed.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
    return typed.slice(at, at === -1 ? at : typed[at] === flag ? at + 2 : at + 1);
  });
  const plain = typed.filter((word) => ["--csv", "--json", "--quiet"].includes(word));
  return ["table", ...kept, ...plain];
}

/** Full nodes were a flag, and are an engine. */
function spelledNow(typed: readonly string[]): readonly string[] {
  return typed.flatMap((word) => (word === "--full" ? ["--engine", "nodes"] : [word]));
}

function withUsual(name: AttackName, typed: readonly string[]): readonly string[] {
  const missing = (usual[name] ?? []).filter(([flag]) => {
    return !typed.some((word) => word === flag || word.startsWith(`${flag}=`));
  });
  return [...missing.flat(), ...typed];
}

function typedBehind(name: string): readonly string[] {
  const at = process.argv.indexOf(name);
  return at === -1 ? [] : process.argv.slice(at + 1);
}
