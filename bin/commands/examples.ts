/** The examples in a command's help, all in one form, so that a test can find and try them. */

import type { Command } from "commander";

/** A whole command line, beginning with `powlab` or a variable for it, and what it shows. */
export type Example = readonly [line: string, shows?: string];

/** No line of the help is longer. */
const widthMax = 100;

/** Adds examples to a command's help. @param notes lines of their own after them. */
export function withExamples(
  command: Command,
  examples: readonly Example[],
  notes: readonly string[] = [],
): Command {
  const title = examples.length === 1 ? "Example:" : "Examples:";
  const text = [title, ...formatExamples(examples), ...(notes.length > 0 ? ["", ...notes] : [])];
  return command.addHelpText("after", `\n${text.join("\n")}`);
}

/** What they show stands beside them if there is room for all of it, else above each. */
function formatExamples(examples: readonly Example[]): readonly string[] {
  const width = Math.max(...examples.map(([line]) => line.length));
  const beside = examples.map(([line, shows]) => {
    return `  $ ${shows === undefined ? line : `${line.padEnd(width)}   ${shows}`}`;
  });
  if (beside.every(({ length }) => length <= widthMax)) return beside;
  return examples.flatMap(([line, shows]) => {
    return shows === undefined ? [`  $ ${line}`] : [`  ${shows}:`, `  $ ${line}`];
  });
}
