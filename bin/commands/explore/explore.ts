/** `powlab explore`: every state that a model can reach, and the shortest way to a broken promise. */

import { type Command, Option } from "commander";
import { entries } from "../../../src/explorer/catalogue.ts";
import { type Entry, publishedFor } from "../../../src/explorer/engine/entry.ts";
import { statesLimit } from "../../../src/explorer/engine/explore.ts";
import { withExamples } from "../examples.ts";
import { wholeNumber } from "../numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { withParameters } from "../parameters.ts";
import { formatTable } from "../table.ts";
import { printRun, requireExpected, saveTrace } from "./print.ts";
import { type Flags, runSearch } from "./run.ts";

/** More than this no machine has: a mistyped number. */
const memoryMaxMB = 1_000_000;
const statesMax = 50_000_000;

/** Makes a command of each model in the catalogue, and one that lists them. */
export function addSubcommands(parent: Command): void {
  for (const entry of entries) addEntry(parent, entry);
  addList(parent);
}

function addEntry(parent: Command, entry: Entry): void {
  const { name, summary, parameters, published, examples } = entry;
  const command = withParameters(parent.command(name).description(summary), parameters)
    .option("--symmetry", "take states that differ only by names for one")
    .option("--until-broken", "end at the first broken promise")
    .addOption(
      new Option("--max-states <count>", "keep no more states than these")
        .argParser(wholeNumber({ min: 1, max: statesLimit }))
        .default(statesMax),
    )
    .addOption(
      new Option(
        "--max-memory <MB>",
        "end when so much is in use; if left out, what is free",
      ).argParser(wholeNumber({ min: 1, max: memoryMaxMB })),
    )
    .option("--ends", "show the way to the first state that no move leads out of, too")
    .option("--save <file>", "write the way to the first broken promise as JSON")
    .option("--json", "write one line of JSON: unique, generated, depth, violation and more")
    .option("--quiet", "show no progress")
    .action((flags: Flags) => search(entry, flags));
  const counted = published.map(({ values, counts, source }) => {
    const chosen = Object.entries(values).map(([key, value]) => `${key} ${value}`);
    const numbers = Object.entries(counts).map(([key, count]) => `${key} ${count}`);
    return `  ${chosen.join(", ")}: ${numbers.join(", ")} (${source})`;
  });
  withExamples(
    command,
    examples.map(([options, shows]) => [`powlab explore ${name} ${options}`, shows]),
    [
      ...(counted.length > 0 ? ["Published counts:", ...counted, ""] : []),
      `The exit code is ${exitCodes.unexpected} if a promise is broken that should be kept, or a`,
      `count is not the published one, and ${exitCodes.failed} if the search ended early.`,
    ],
  );
}

function addList(parent: Command): void {
  withExamples(
    parent
      .command("list")
      .description("list what can be explored")
      .option("--json", "write a line of JSON for each, with parameters and published counts")
      .action(list),
    [["powlab explore list"]],
  );
}

async function search(entry: Entry, flags: Flags): Promise<void> {
  if (flags.symmetry && entry.asymmetry !== undefined) {
    throw new CliError(
      `${entry.name} has no symmetry: ${entry.asymmetry}. Leave --symmetry out.`,
      exitCodes.usage,
    );
  }
  const run = await runSearch(entry, flags);
  const published = flags.symmetry ? undefined : publishedFor(entry, flags);
  printRun(run, published, flags);
  if (flags.save !== undefined) await saveTrace(flags.save, run);
  requireExpected(run, published);
}

function list({ json }: { readonly json?: true }): void {
  if (json) {
    for (const { name, summary, parameters, published } of entries) {
      writeJson({ name, summary, parameters, published });
    }
    return;
  }
  const rows = entries.map(({ name, summary }) => [name, summary]);
  write(formatTable([{ title: "name" }, { title: "what it is" }], rows));
  say("Next: powlab explore gray-lamport-commit --managers 3");
}
