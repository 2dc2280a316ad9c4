/** The levers of a running lab as commands: faucet, reorg, partition, heal. */

import { type Command, InvalidArgumentError } from "commander";
import { type LabJson, labRoutes } from "../../src/contract/lab.ts";
import type { FaucetJson, RegtestReorgJson } from "../../src/contract/regtest.ts";
import type { Satoshi } from "../../src/primitives/brand.ts";
import { counted } from "../../src/primitives/figures.ts";
import { withExamples } from "./examples.ts";
import { type LeverFlags, pullLever, withLabOptions } from "./lever.ts";
import { wholeNumber } from "./numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "./output.ts";

const depthMax = 10_000;

type NodeFlags = LeverFlags & { readonly node?: string };
type FaucetFlags = NodeFlags & { readonly confirm?: true };
type ReorgFlags = NodeFlags & {
  readonly drop?: string;
  readonly doubleSpend?: string;
  readonly empty?: true;
};

export function register(program: Command): void {
  registerFaucet(program);
  registerReorg(program);
  const partition = withLabOptions(
    program.command("partition").description("split a lab's network into groups"),
  )
    .argument("<groups...>", "names joined by commas; nodes in no group are one more", parseGroup)
    .action(partitionLab);
  withExamples(partition, [
    ["powlab partition alice,bob", "these two on one side, the rest on one"],
  ]);
  const heal = withLabOptions(
    program
      .command("heal")
      .description("mend a lab's partition and all links that are cut or slow"),
  ).action(healLab);
  withExamples(heal, [["powlab heal"]]);
}

function registerFaucet(program: Command): void {
  const faucet = withLabOptions(
    program.command("faucet").description("pay coins to an address, in a lab on regtest"),
  )
    .argument("<address>", "who is paid")
    .argument("<amount>", "coins as 1.5, or satoshis as 150000000sat")
    .option("--confirm", "mine a block with the payment")
    .option("--node <name>", "where it is submitted (default: the first that is up)")
    .action(payFromFaucet);
  withExamples(faucet, [
    ["powlab faucet ADDRESS 1.5", "it waits for the next block"],
    ["powlab faucet ADDRESS 50000sat --confirm"],
  ]);
}

function registerReorg(program: Command): void {
  const reorg = withLabOptions(
    program.command("reorg").description("replace the last blocks by a longer branch, on regtest"),
  )
    .argument("<depth>", "how many blocks are left behind", wholeNumber({ min: 1, max: depthMax }))
    .option("--drop <txid>", "leave this transaction out: it waits again")
    .option("--double-spend <txid>", "confirm another one that spends its coins")
    .option("--empty", "leave all transactions out: they wait again")
    .option("--node <name>", "who has the new branch first (default: the first that is up)")
    .action(reorganise);
  withExamples(reorg, [
    ["powlab reorg 3", "the same transactions in other blocks"],
    ["powlab reorg 6 --double-spend TXID", "a payment is lost after six confirmations"],
  ]);
}

async function payFromFaucet(
  address: string,
  amount: string,
  { confirm, node, ...flags }: FaucetFlags,
): Promise<void> {
  const value = await satoshisOf(amount);
  const order = {
    address,
    value,
    ...(confirm && { confirm }),
    ...(node !== undefined && { node }),
  };
  const paid = await pullLever<FaucetJson>(flags, labRoutes.faucet, order);
  if (flags.json) return writeJson(paid);
  write(paid.txid);
  say(paid.block === null ? "Next: powlab mine blocks 1" : `It is in the block ${paid.block}.`);
}

async function satoshisOf(text: string): Promise<Satoshi> {
  const { describeAmountProblem, parseAmount } = await import("../../src/primitives/amount.ts");
  const parsed = parseAmount(text);
  if (parsed.ok) return parsed.value;
  throw new CliError(describeAmountProblem(text, parsed.problem), exitCodes.usage);
}

async function reorganise(depth: number, flags: ReorgFlags): Promise<void> {
  const { drop, doubleSpend, empty, node } = flags;
  if ([drop, doubleSpend, empty].filter((each) => each !== undefined).length > 1) {
    const problem = "Choose one of --drop, --double-spend and --empty.";
    throw new CliError(problem, exitCodes.usage);
  }
  const order = {
    depth,
    ...(drop !== undefined && { drop }),
    ...(doubleSpend !== undefined && { doubleSpend }),
    ...(empty && { empty }),
    ...(node !== undefined && { node }),
  };
  const moved = await pullLever<RegtestReorgJson>(flags, labRoutes.reorg, order);
  if (flags.json) return writeJson(moved);
  const { forth, forkHeight, conflict } = moved;
  write(forth.at(-1) ?? "");
  const height = forkHeight + forth.length;
  say(`${counted(depth, "block")} above #${forkHeight} went stale; the tip is #${height}.`);
  if (conflict !== null) say(`In place of ${doubleSpend} stands ${conflict}.`);
}

async function partitionLab(
  groups: readonly (readonly string[])[],
  flags: LeverFlags,
): Promise<void> {
  const lab = await pullLever<LabJson>(flags, labRoutes.partition, { groups });
  if (flags.json) return writeJson(lab);
  write((lab.partition ?? []).map((group) => group.join(",")).join(" "));
  say("Next: powlab heal");
}

async function healLab(flags: LeverFlags): Promise<void> {
  const lab = await pullLever<LabJson>(flags, labRoutes.heal);
  if (flags.json) writeJson(lab);
  else say("All nodes are one network again.");
}

/** A group behind those before it. */
function parseGroup(
  text: string,
  before: readonly (readonly string[])[] = [],
): readonly (readonly string[])[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return [...before, names];
  throw new InvalidArgumentError("It must be names joined by commas, such as alice,bob");
}
