/** Commands that were renamed: the old name is answered with the new one. */

import type { Command } from "commander";
import { CliError, exitCodes } from "./output.ts";

/** Answers an old command, whatever follows it, with what to type today. */
export function addMoved(parent: Command, name: string, now: string): void {
  parent
    .command(name, { hidden: true })
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      const old = `powlab ${parent.name()} ${name}`;
      throw new CliError(`${old} has another name now. Type: ${now}`, exitCodes.usage);
    });
}

/** Answers an old option of a command with what to type today. */
export function movedOption(flags: string, now: string): CliError {
  return new CliError(`${flags} is a command now. Type: ${now}`, exitCodes.usage);
}
