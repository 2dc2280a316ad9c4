/** `powlab maelstrom node`: a process of one of our protocols on the standard streams. */

import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { findNamed } from "../named.ts";
import { CliError, exitCodes, say } from "../output.ts";

type NodeFlags = { readonly seed?: string; readonly mutant?: string };

export function registerNode(command: Command): void {
  withExamples(
    command
      .command("node")
      .argument("<name>", "which protocol; `powlab protocol list` has their names")
      .description("run a protocol as a node of Maelstrom's workload lin-kv, on stdin and stdout")
      .option("--seed <text>", "the random seed of election time-outs (default: drawn)")
      .option("--mutant <name>", "with one rule replaced by a wrong one")
      .action(runNode),
    [
      ["powlab maelstrom node raft", "it waits for init, a line of JSON"],
      ["powlab maelstrom node last-writer", "one that a test with a partition must refuse"],
    ],
    [
      "For Maelstrom itself put `exec powlab maelstrom node raft` into a script, and name that:",
      "maelstrom test -w lin-kv --bin ./raft.sh --node-count 5 --nemesis partition",
      "A request at a node that does not lead goes on to the one that does. Error 11 says that it was",
      "certainly not carried out, error 0 that this is not known.",
    ],
  );
}

async function runNode(typed: string, { seed, mutant }: NodeFlags): Promise<void> {
  const { protocols } = await import("../../../src/protocols/catalogue.ts");
  const { suitedProtocol } = await import("../../../src/lab/maelstrom/node/suited-protocol.ts");
  const { serve } = await import("../../../src/lab/maelstrom/node/serve.ts");
  const { createRandom } = await import("../../../src/primitives/random.ts");
  const entry = findNamed("protocol", typed, protocols);
  const suited = suitedProtocol(entry);
  if (!suited.ok) throw new CliError(`${suited.problem}.`, exitCodes.usage);
  const protocol =
    mutant === undefined
      ? suited.value
      : findNamed(`mutant of ${entry.name}`, mutant, entry.mutants).protocol;
  const random = createRandom(seed ?? randomUUID());
  await serve({ protocol, random, input: process.stdin, output: process.stdout, say });
}
