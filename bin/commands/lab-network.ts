/** On which network `powlab lab` runs, and what goes with regtest only. */

import { type Command, Option } from "commander";
import { labRoutes } from "../../src/contract/lab.ts";
import type { RegtestMining, SavedJson } from "../../src/contract/regtest.ts";
import { participantsMax, participantsMin } from "../../src/lab/nodes/participants.ts";
import type { RegtestOptions } from "../../src/lab/open-lab.ts";
import { withExamples } from "./examples.ts";
import { type LeverFlags, pullLever, withLabOptions } from "./lever.ts";
import { decimalNumber } from "./numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "./output.ts";

export type NetworkFlags = {
  readonly network?: "lab" | "regtest";
  readonly nodes?: number;
  readonly seed?: string;
  readonly hashrate?: number;
  /** False for `--no-mining`. */
  readonly mining?: false;
  readonly blockTime?: number;
  readonly mineOnTransaction?: true;
  readonly from?: string;
};

const blockTimeDefault = 10;

export function withNetworkOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--network <name>", "the rules (default: lab)").choices(["lab", "regtest"]),
    )
    .option(
      "--block-time <seconds>",
      `on regtest: a block every so often (default: ${blockTimeDefault})`,
      decimalNumber({ min: 0.1, max: 1e6 }),
    )
    .option("--mine-on-transaction", "on regtest: a block for each transaction instead")
    .option("--no-mining", "on regtest: no block but those of `powlab mine blocks`")
    .option("--from <name>", "on regtest: go on from a snapshot of `powlab lab save`");
}

/**
 * What the flags say about regtest; undefined for the network of labs.
 *
 * @throws CliError if some do not go together.
 */
export async function regtestOptionsOf(flags: NetworkFlags): Promise<RegtestOptions | undefined> {
  const { from, nodes, seed } = flags;
  if ((flags.network ?? (from === undefined ? "lab" : "regtest")) === "lab") {
    refuseRegtestFlags(flags);
    return undefined;
  }
  if (flags.hashrate !== undefined) {
    throw new CliError("--hashrate is not for regtest: choose with --block-time.", exitCodes.usage);
  }
  const mining = miningOf(flags);
  if (from === undefined) return { mining };
  if (nodes !== undefined || seed !== undefined) {
    const problem = "--from brings its own nodes and seed: leave --nodes and --seed out.";
    throw new CliError(problem, exitCodes.usage);
  }
  const { readSnapshot } = await import("../../src/lab/regtest/snapshot.ts");
  return { mining, snapshot: await readSnapshot(from) };
}

function refuseRegtestFlags(flags: NetworkFlags): void {
  const { nodes = participantsMin } = flags;
  if (nodes < participantsMin) {
    throw new CliError(
      `--nodes ${nodes}: It must be a whole number from ${participantsMin} to ${participantsMax}: ` +
        "the six usual participants are always there; with --network regtest it may be less.",
      exitCodes.usage,
    );
  }
  const typed = [
    ...(flags.blockTime === undefined ? [] : ["--block-time"]),
    ...(flags.mineOnTransaction === undefined ? [] : ["--mine-on-transaction"]),
    ...(flags.mining === false ? ["--no-mining"] : []),
    ...(flags.from === undefined ? [] : ["--from"]),
  ];
  if (typed.length === 0) return;
  throw new CliError(`${typed.join(", ")}: this needs --network regtest.`, exitCodes.usage);
}

function miningOf({ mining, blockTime, mineOnTransaction }: NetworkFlags): RegtestMining {
  const chosen: readonly RegtestMining[] = [
    ...(mining === false ? [{ type: "none" } as const] : []),
    ...(blockTime === undefined ? [] : [{ type: "interval", seconds: blockTime } as const]),
    ...(mineOnTransaction ? [{ type: "on-transaction" } as const] : []),
  ];
  const [first = { type: "interval", seconds: blockTimeDefault }, second] = chosen;
  if (second === undefined) return first;
  const problem = "Choose one of --no-mining, --block-time and --mine-on-transaction.";
  throw new CliError(problem, exitCodes.usage);
}

type SaveFlags = LeverFlags & { readonly replace?: true };

/** `powlab lab save`. */
export function registerSave(lab: Command): void {
  const save = withLabOptions(
    lab.command("save").description("keep a running lab on regtest, for `powlab lab --from`"),
  )
    .argument("<name>", "what the snapshot is called")
    .option("--replace", "in place of an earlier one of that name")
    .action(saveLab);
  withExamples(save, [["powlab lab save funded"], ["powlab lab save funded --replace"]]);
}

async function saveLab(name: string, { replace, ...flags }: SaveFlags): Promise<void> {
  const order = { name, ...(replace && { replace }) };
  const saved = await pullLever<SavedJson>(flags, labRoutes.save, order);
  if (flags.json) return writeJson(saved);
  write(saved.file);
  say(`Next: powlab lab --from ${name}`);
}
