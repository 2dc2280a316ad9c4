/** `powlab wallet`: keys in an encrypted file, and money through a running node. */

import { text } from "node:stream/consumers";
import { type Command, InvalidArgumentError } from "commander";
import { paramsOf } from "../../../src/consensus/params.ts";
import type { KeyPlace } from "../../../src/wallet/keys.ts";
import { withExamples } from "../examples.ts";
import { wholeNumber } from "../numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { askNewPassword, promptLine } from "../password.ts";
import { withJsonOption } from "../remote.ts";
import { formatFacts } from "../table.ts";
import { registerDescriptor } from "./descriptor.ts";
import {
  explainFile,
  type OpenWallet,
  openWallet,
  walletFile,
  type WalletOptions,
  withWalletOptions,
} from "./file.ts";
import { showHistory } from "./history.ts";
import { registerPsbt } from "./psbt.ts";
import { registerSend } from "./send.ts";
import { registerSign } from "./sign.ts";
import { type UseOptions, useWallet, withUseOptions } from "./use.ts";

const countMax = 999_999;

type NewOptions = WalletOptions & { readonly words?: 12 | 24; readonly json?: true };
type AddressOptions = UseOptions & { readonly index?: number };

export function register(program: Command): void {
  const wallet = program.command("wallet").description("hold and send coins");
  withExamples(wallet, [
    ["powlab wallet new", "make one"],
    ['powlab node --mine "$(powlab wallet address)"', "have it paid"],
    ["powlab wallet balance", "see what it holds"],
    ["powlab wallet send ADDRESS 1.5 --fee-rate 2", "pay 1.5 coins"],
    ["powlab wallet descriptor", "have another wallet watch it"],
  ]);
  registerMaking(wallet);
  registerUsing(wallet);
}

function registerMaking(wallet: Command): void {
  const making = withJsonOption(
    withWalletOptions(wallet.command("new").description("make a wallet")),
  )
    .option("--words <count>", "12 or 24 secret words", parseWordCount)
    .action(createWallet);
  withExamples(making, [
    ["powlab wallet new", "the password is asked for"],
    ["powlab wallet new --wallet savings --words 24 --no-password", "a second one"],
  ]);
  const restoring = withJsonOption(
    withWalletOptions(wallet.command("restore").description("bring a wallet back")),
  ).action(restoreWallet);
  withExamples(restoring, [
    ["powlab wallet restore", "its words are typed"],
    ["powlab wallet restore --no-password < words.txt", "they are read from a file"],
  ]);
}

function registerUsing(wallet: Command): void {
  const using = (name: string, description: string): Command =>
    withUseOptions(wallet.command(name).description(description));
  const address = using("address", "an address that was not used before")
    .option(
      "--index <number>",
      "the address of this number; no node is asked",
      wholeNumber({ min: 0, max: countMax }),
    )
    .action(showAddress);
  withExamples(address, [["powlab wallet address"], ["powlab wallet address --index 0"]]);
  const balance = using("balance", "what the wallet holds").action(showBalance);
  withExamples(balance, [["powlab wallet balance --json"]]);
  registerSend(wallet);
  registerSign(wallet);
  const history = using("history", "what came and went, the newest first")
    .option("--limit <count>", "at most so many lines", wholeNumber({ min: 0, max: countMax }), 25)
    .action(showHistory);
  withExamples(history, [["powlab wallet history --limit 5"]]);
  registerPsbt(wallet);
  registerDescriptor(wallet);
}

async function createWallet(options: NewOptions): Promise<void> {
  await requireFreeName(options);
  const { createWords } = await import("../../../src/wallet/keys.ts");
  const words = createWords(options.words);
  const file = await writeWallet(words, options);
  const { address } = await firstKey(words, options);
  if (options.json) return writeJson({ file, network: options.network, words, address });
  say("These words are your money: write them down, in this order, and keep them secret.");
  write(words);
  say(`The wallet is in ${file}. Its first address is ${address}`);
  say("Next: powlab wallet address");
}

async function restoreWallet(options: NewOptions): Promise<void> {
  await requireFreeName(options);
  const { describeWordsProblem, parseWords } = await import("../../../src/wallet/keys.ts");
  const typed = process.stdin.isTTY ? await promptLine("Words: ") : await text(process.stdin);
  const words = parseWords(typed);
  if (!words.ok) throw new CliError(describeWordsProblem(words.problem), exitCodes.usage);
  const file = await writeWallet(words.value, options);
  const { address } = await firstKey(words.value, options);
  if (options.json) return writeJson({ file, network: options.network, address });
  write(address);
  say(`The wallet is in ${file}. Above is its first address.`);
  say("Next: powlab wallet balance");
}

async function requireFreeName(options: NewOptions): Promise<void> {
  const { requireNoWallet } = await import("../../../src/wallet/file.ts");
  const file = await walletFile(options);
  await explainFile(() => requireNoWallet(file));
}

async function writeWallet(words: string, options: NewOptions): Promise<string> {
  const { createWalletFile } = await import("../../../src/wallet/file.ts");
  const file = await walletFile(options);
  const password = await askNewPassword(options);
  await explainFile(() => createWalletFile(file, { words, network: options.network, password }));
  return file;
}

async function firstKey(words: string, { network }: NewOptions): Promise<{ address: string }> {
  const { Account } = await import("../../../src/wallet/keys.ts");
  return new Account(words, paramsOf(network)).keyAt({ use: "receiving", index: 0 });
}

async function showAddress(options: AddressOptions): Promise<void> {
  const open = await openWallet(options);
  const place = await placeFor(open, options);
  const { address } = open.account.keyAt(place);
  if (options.json) return writeJson({ address, path: open.account.pathOf(place) });
  write(address);
  say("Next: powlab wallet balance");
}

/** A miner needs an address before there is a node to ask. */
async function placeFor(open: OpenWallet, options: AddressOptions): Promise<KeyPlace> {
  const { index } = options;
  if (index !== undefined) {
    await rememberAddress(open, index);
    return { use: "receiving", index };
  }
  try {
    const { next } = await useWallet(open, options, (wallet) => wallet.look());
    return next.receiving.place;
  } catch (error) {
    if (!(error instanceof CliError) || error.exitCode !== exitCodes.unreachable) throw error;
    say("No node answers, so this is the wallet's first address, whether it was used or not.");
    return { use: "receiving", index: 0 };
  }
}

/** A wallet looks at the first addresses only, so it must know of one that is given away behind them. */
async function rememberAddress({ journal }: OpenWallet, index: number): Promise<void> {
  const { gapLimitDefault } = await import("../../../src/wallet/view.ts");
  const { withAddress } = await import("../../../src/wallet/journal.ts");
  if (index < gapLimitDefault) return;
  const isNoted = await journal.change((content) => {
    const changed = withAddress(content, index);
    return { content: changed ?? content, answer: changed !== undefined };
  });
  if (!isNoted) {
    throw new CliError(
      `This wallet remembers too many addresses like ${index} already: ` +
        "take one with a smaller number, or have a higher one found with --gap-limit.",
      exitCodes.usage,
    );
  }
  say(
    `This wallet remembers to look at address ${index}. One that is restored from the words looks ` +
      `${gapLimitDefault} unused addresses ahead: to find this one, give it --gap-limit ${index + 1}.`,
  );
}

async function showBalance(options: UseOptions): Promise<void> {
  const open = await openWallet(options);
  const { balanceOf } = await import("../../../src/wallet/view.ts");
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  const { coins, tipHeight } = await useWallet(open, options, (wallet) => wallet.look());
  const balance = balanceOf(coins);
  const total = balance.confirmed + balance.unconfirmed + balance.immature;
  if (options.json) {
    return writeJson({ ...balance, total, coins: coins.length, height: tipHeight });
  }
  const aligned = (amount: number): string =>
    formatAmount(amount).padStart(formatAmount(total).length);
  write(
    formatFacts({
      confirmed: aligned(balance.confirmed),
      unconfirmed: aligned(balance.unconfirmed),
      immature: aligned(balance.immature),
      total: aligned(total),
    }),
  );
  say(`Next: powlab wallet ${total > 0 ? "send ADDRESS AMOUNT" : "address"}`);
}

function parseWordCount(text: string): 12 | 24 {
  if (text === "12") return 12;
  if (text === "24") return 24;
  throw new InvalidArgumentError("It must be 12 or 24");
}
