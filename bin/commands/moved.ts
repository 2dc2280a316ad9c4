/** Commands that were renamed: the old name is answered with the new one. */

import { type Command, Option } from "commander";
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

/** Answers an old option of a command with what to type today, followed by its value. */
export function withMovedOption(command: Command, flags: string, now: string): Command {
  const option = new Option(flags).hideHelp().argParser((value: string) => {
    throw new CliError(`${flags} is a command now. Type: ${now} ${value}`, exitCodes.usage);
  });
  return command.addOption(option);
}
