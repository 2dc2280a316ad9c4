/** `powlab maelstrom node`: a process of one of our protocols on the standard streams. */

import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { findNamed } from "../named.ts";
import { CliError, exitCodes, say } from "../output.ts";

type NodeFlags = { readonly seed?: string; readonly mutant?: string; readonly secret?: string };

/** All nodes of a test must have the same; it protects nothing. */
const secretDefault = "maelstrom";

export function registerNode(command: Command): void {
  withExamples(
    command
      .command("node")
      .argument("<name>", "which protocol; `powlab protocol list` has their names")
      .description("run a protocol as a node of Maelstrom's workload lin-kv, on stdin and stdout")
      .option("--seed <text>", "the random seed of election time-outs (default: drawn)")
      .option("--mutant <name>", "with one rule replaced by a wrong one")
      .option("--secret <text>", `of pbft: all keys follow from it (default: ${secretDefault})`)
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
      "Clients of Maelstrom do not sign, so a node of pbft signs for those that ask it, and answers",
      "what f + 1 nodes say alike.",
    ],
  );
}

async function runNode(typed: string, { seed, mutant, secret }: NodeFlags): Promise<void> {
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
  const isSigned = protocol.answersNeeded !== undefined;
  if (secret !== undefined && !isSigned) {
    const problem = `--secret is for protocols that sign, such as pbft; ${entry.name} does not: leave it out.`;
    throw new CliError(problem, exitCodes.usage);
  }
  const signaturesOf = isSigned ? await signaturesFrom(secret ?? secretDefault) : undefined;
  const random = createRandom(seed ?? randomUUID());
  await serve({
    ...{ protocol, signaturesOf, random, say },
    input: process.stdin,
    output: process.stdout,
  });
}

async function signaturesFrom(secret: string) {
  const { sharedSignatures } = await import("../../../src/lab/maelstrom/node/shared-keys.ts");
  return sharedSignatures(secret);
}
