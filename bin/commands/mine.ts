/** `powlab mine`: for whom and how fast a running node mines; and the search for one nonce. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { ForcedRestJson, MiningChange, MiningJson } from "../../src/contract/mining.ts";
import { counted, spanText } from "../../src/primitives/figures.ts";
import { withExamples } from "./examples.ts";
import { registerBlocks } from "./mine-blocks.ts";
import { registerSearch } from "./mine-search.ts";
import { decimalNumber } from "./numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "./output.ts";
import { askNode, placeOf, type RemoteOptions, withRemoteOptions } from "./remote.ts";
import { formatFacts } from "./table.ts";

type MineOptions = RemoteOptions & { readonly token?: string; readonly data?: string };

const noLimit = "none";
/** More than any machine that runs this can do. */
const hashrateMax = 1e12;

export function register(program: Command): void {
  const mine = program
    .command("mine")
    .description("see and steer mining, make blocks on regtest, or search one nonce");
  withExamples(mine, [
    ["powlab mine status", "what it does"],
    ['powlab mine start "$(powlab wallet address)"', "have it mine"],
    ["powlab mine blocks 101", "make blocks at once, in a lab on regtest"],
    ["powlab mine search", "search the nonce of Bitcoin's first block, without a node"],
  ]);
  const status = withRemoteOptions(
    mine.command("status").description("for whom it mines, and how fast"),
  ).action(showMining);
  withExamples(status, [["powlab mine status --json"]]);
  const start = withTokenOptions(
    mine.command("start").description("mine, and have this address paid"),
  )
    .argument("<address>", "who gets the new coins")
    .action((address: string, options: MineOptions) => change(options, { address }));
  withExamples(start, [['powlab mine start "$(powlab wallet address)"']]);
  const stop = withTokenOptions(mine.command("stop").description("stop mining")).action(
    (options: MineOptions) => change(options, { address: null }),
  );
  withExamples(stop, [["powlab mine stop"]]);
  const hashrate = withTokenOptions(
    mine.command("hashrate").description("limit how much it may compute"),
  )
    .argument("<hashes>", `hashes a second, or "${noLimit}"`, parseHashrate)
    .action((hashes: number | null, options: MineOptions) => change(options, { hashrate: hashes }));
  withExamples(hashrate, [["powlab mine hashrate 30000"], [`powlab mine hashrate ${noLimit}`]]);
  registerBlocks(mine);
  registerSearch(mine);
}

function withTokenOptions(command: Command): Command {
  const token = new Option("--token <token>", "the node's token").env("POWLAB_TOKEN");
  return withRemoteOptions(command)
    .addOption(token)
    .option("--data <folder>", "the node's data folder, which has the token");
}

async function showMining(options: RemoteOptions): Promise<void> {
  tell(await askNode(options, (client) => client.mining()), options);
}

async function change(options: MineOptions, change: MiningChange): Promise<void> {
  const token = options.token ?? (await readToken(options));
  tell(await askNode(options, (client) => client.setMining(change), token), options);
}

/** The token is in the data folder; if that is not known, it follows from the node's name and network. */
async function readToken(options: MineOptions): Promise<string> {
  const file = join(options.data ?? (await guessFolder(options)), "token");
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    throw new CliError(
      `Only who has the node's token may do this, and there is none at ${file}: ` +
        "name the node's folder with --data, or the token with --token.",
      exitCodes.usage,
    );
  }
}

async function guessFolder(options: MineOptions): Promise<string> {
  const { folder } = await placeOf(options);
  if (folder !== undefined) return folder;
  const { name, network } = await askNode(options, (client) => client.node());
  const { dataFolder } = await import("../../src/io/disk/folder.ts");
  return dataFolder(network, name, process.env);
}

function parseHashrate(text: string): number | null {
  if (text === noLimit) return null;
  return decimalNumber({ min: 0, max: hashrateMax, reason: `"${noLimit}" ends the limit` })(text);
}

function wordsOfRest({ median_ahead, until }: ForcedRestJson): string {
  const end = new Date(until).toISOString();
  return `until ${end}: the chain's median time was ${spanText(median_ahead)} ahead of the clock`;
}

function tell(mining: MiningJson, { json }: RemoteOptions): void {
  if (json) return writeJson(mining);
  const { address, hashrate, height, difficulty, hasher, threads, rest } = mining;
  write(
    formatFacts({
      "mines for": address ?? "none",
      limit: hashrate === null ? "none" : `${hashrate} hashes a second`,
      speed: `${Math.round(mining.hashes_per_second)} hashes a second`,
      hashes: mining.hashes,
      hasher: `${hasher ?? "none"}, ${counted(threads, "thread")}`,
      block: `${height}, difficulty ${difficulty}`,
      ...(rest === null ? {} : { rests: wordsOfRest(rest) }),
    }),
  );
  say(`Next: powlab ${address === null ? "mine start ADDRESS" : "chain tip"}`);
}
