/** `powlab simulate`: the same node and the same attack in virtual time, from a seed. */

import { InvalidArgumentError, type Command } from "commander";
import { CliError, exitCodes, say, write, writeJson } from "./output.ts";
import { parsePremine } from "./attack-trials.ts";
import { registerAttacks } from "./simulate-attacks.ts";
import { registerChaos } from "./simulate-chaos.ts";
import { registerSimblock } from "./simulate-simblock.ts";
import { registerStale } from "./simulate-stale.ts";
import { registerWorld } from "./simulate-world.ts";
import { createVerifier, withSimulateOptions, type SimulateOptions } from "./simulation.ts";

type DoubleSpendOptions = SimulateOptions & {
  readonly share: number;
  readonly confirmations: number;
  readonly giveUp: number;
  readonly premine?: 0 | 1;
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
    .option("--premine <count>", "secret blocks before she pays, 0 or 1", parsePremine)
    .addHelpText("after", "\nExample:\n  $ powlab simulate double-spend --seed 7 --share 0.6")
    .action(simulateDoubleSpend);
  withSimulateOptions(
    simulate.command("partition").description("a network in two halves that must agree again"),
  )
    .option("--intervals <count>", "how long they are apart, in block intervals", parseCount, 12)
    .addHelpText("after", "\nExample:\n  $ powlab simulate partition --seed 7")
    .action(simulatePartition);
  registerAttacks(simulate);
  registerChaos(simulate);
  registerSimblock(simulate);
  registerStale(simulate);
  registerWorld(simulate);
}

async function simulateDoubleSpend(options: DoubleSpendOptions): Promise<void> {
  const { runDoubleSpend } = await import("../../src/sim/scenarios/double-spend.ts");
  const { seed, share, confirmations, giveUp, premine = 0, json } = options;
  const verifier = await createVerifier();
  const onLine = json ? say : write;
  const race = { share, confirmations, giveUpBehind: giveUp, premine };
  const outcome = runDoubleSpend({ ...race, seed, verifier, onLine });
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
