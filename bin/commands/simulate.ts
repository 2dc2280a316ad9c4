/** `powlab simulate`: the same node and the same attack in virtual time, from a seed. */

import { InvalidArgumentError, type Command } from "commander";
import type { SignatureVerifier } from "../../src/primitives/signature.ts";
import { CliError, exitCodes, say, sayProblem, write, writeJson } from "./output.ts";

type SimulateOptions = { readonly seed: string; readonly json?: true };
type DoubleSpendOptions = SimulateOptions & {
  readonly share: number;
  readonly confirmations: number;
  readonly giveUp: number;
};
type PartitionOptions = SimulateOptions & { readonly intervals: number };

export function register(program: Command): void {
  const simulate = program
    .command("simulate")
    .description("run a scenario in virtual time; the same seed gives the same transcript");
  withSimulateOptions(
    simulate.command("double-spend").description("a 51 % attack, beside what theory predicts"),
  )
    .option("--share <share>", "mallory's part of the hash power", parseShare, 0.4)
    .option("--confirmations <count>", "what the shop waits for", parseCount, 2)
    .option("--give-up <blocks>", "how far behind mallory gives up", parseCount, 6)
    .addHelpText("after", "\nExample:\n  $ powlab simulate double-spend --seed 7 --share 0.6")
    .action(simulateDoubleSpend);
  withSimulateOptions(
    simulate.command("partition").description("a network in two halves that must agree again"),
  )
    .option("--intervals <count>", "how long they are apart, in block intervals", parseCount, 12)
    .addHelpText("after", "\nExample:\n  $ powlab simulate partition --seed 7")
    .action(simulatePartition);
}

function withSimulateOptions(command: Command): Command {
  return command
    .option("--seed <seed>", "any text: what chance decides follows from it", "1")
    .option("--json", "write data for programs; the transcript goes to stderr");
}

async function simulateDoubleSpend(options: DoubleSpendOptions): Promise<void> {
  const { runDoubleSpend } = await import("../../src/sim/scenarios/double-spend.ts");
  const { seed, share, confirmations, giveUp, json } = options;
  const verifier = await createVerifier();
  const onLine = json ? say : write;
  const run = { seed, share, confirmations, giveUpBehind: giveUp, verifier, onLine };
  const outcome = runDoubleSpend(run);
  if (json) writeJson(outcome);
  else say("Next: powlab attack double-spend runs the same attack against a live network");
}

async function simulatePartition(options: PartitionOptions): Promise<void> {
  const { runPartition } = await import("../../src/sim/scenarios/partition.ts");
  const { seed, intervals, json } = options;
  const verifier = await createVerifier();
  const outcome = runPartition({ seed, intervals, verifier, onLine: json ? say : write });
  if (json) writeJson(outcome);
  if (outcome.outcome === "disagreed") {
    const reason = outcome.disagreement === "" ? "a payment got lost" : outcome.disagreement;
    throw new CliError(`The nodes should have agreed: ${reason}.`, exitCodes.unexpected);
  }
  if (!json) say("Next: powlab simulate double-spend");
}

/** More signatures than any of these scenarios has. */
const knownSignaturesMax = 10_000;

/** A block is verified by every node, its signatures once. */
async function createVerifier(): Promise<SignatureVerifier> {
  const { adoptHasher } = await import("../../src/io/hasher-choice.ts");
  for (const warning of adoptHasher().warnings) sayProblem(warning);
  const verifiers = await import("../../src/io/signature-verifier.ts");
  return verifiers.createCachingVerifier(verifiers.createTinyVerifier(), knownSignaturesMax);
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share > 0 && share < 1) return share;
  throw new InvalidArgumentError("It must be more than 0 and less than 1, such as 0.4.");
}

const countMax = 1_000;

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= countMax) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${countMax}.`);
}
