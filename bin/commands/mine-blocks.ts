/** `powlab mine blocks`: makes blocks at once, in a lab on regtest. */

import type { Command } from "commander";
import { labRoutes } from "../../src/contract/lab.ts";
import type { BlocksJson } from "../../src/contract/regtest.ts";
import { counted } from "../../src/primitives/figures.ts";
import { withExamples } from "./examples.ts";
import { type LeverFlags, pullLever, withLabOptions } from "./lever.ts";
import { wholeNumber } from "./numbers.ts";
import { say, write, writeJson } from "./output.ts";

const blocksMax = 10_000;
const reason = "halvings come every 150 blocks on regtest, and more would run ahead of the clock";

type BlocksFlags = LeverFlags & { readonly to?: string; readonly node?: string };

export function registerBlocks(mine: Command): void {
  const blocks = withLabOptions(
    mine.command("blocks").description("make blocks at once, in a lab on regtest"),
  )
    .argument("<count>", "how many", wholeNumber({ min: 1, max: blocksMax, reason }))
    .option("--to <address>", "who gets the new coins (default: the faucet)")
    .option("--node <name>", "the node that mines (default: the first that is up)")
    .action(mineBlocks);
  withExamples(blocks, [
    ["powlab mine blocks 1", "confirm what waits"],
    ["powlab mine blocks 101 --to ADDRESS", "coins that may be spent at once"],
  ]);
}

async function mineBlocks(count: number, { to, node, ...flags }: BlocksFlags): Promise<void> {
  const order = { count, ...(to !== undefined && { to }), ...(node !== undefined && { node }) };
  const made = await pullLever<BlocksJson>(flags, labRoutes.blocks, order);
  if (flags.json) return writeJson(made);
  write(made.hashes.at(-1) ?? "");
  say(`${made.node} has mined ${counted(count, "block")}; the tip is #${made.height}.`);
}
