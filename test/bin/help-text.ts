/** The help of a command as text, and the examples in it. */

import type { Command } from "commander";

export function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return help;
}

/** The lines behind a dollar sign, without the words that stand beside them. */
export function examplesIn(help: string): readonly string[] {
  return [...help.matchAll(/^ {2}\$ (.*?)(?: {2,}.*)?$/gm)].map(([, line]) => line ?? "");
}

/** As a shell would hand them on: quoted words in one piece, no variables, nothing redirected. */
export function wordsOf(example: string): readonly string[] {
  const command = example.replace(/^(?:[A-Z_]+=\S+ )*powlab ?/, "").replace(/ < \S+$/, "");
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

/** The words of the first example in the help of a command, such as "simulate eclipse". */
export function firstExampleOf(program: Command, name: string): readonly string[] {
  let command: Command | undefined = program;
  for (const word of name.split(" ")) {
    command = command?.commands.find((each) => each.name() === word);
  }
  const [example = ""] = command === undefined ? [] : examplesIn(helpOf(command));
  return wordsOf(example);
}
