/** Which wallet a command means: its file, its network and its password. */

import { join } from "node:path";
import type { Command } from "commander";
import { type NetworkName, type Params, paramsOf } from "../../../src/consensus/params.ts";
import type { Journal } from "../../../src/wallet/journal.ts";
import type { Account } from "../../../src/wallet/keys.ts";
import { withNetworkOption } from "../network-option.ts";
import { CliError, exitCodes } from "../output.ts";
import { askPassword, type PasswordOptions, withPasswordOptions } from "../password.ts";

export type WalletOptions = PasswordOptions & {
  readonly wallet: string;
  readonly network: NetworkName;
};

export type OpenWallet = {
  readonly account: Account;
  readonly params: Params;
  readonly journal: Journal;
};

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export function withWalletOptions(command: Command): Command {
  command.option("--wallet <name>", "which wallet, if you have several", "default");
  return withPasswordOptions(withNetworkOption(command, "the network whose coins it holds"));
}

/** `$XDG_DATA_HOME/powlab/<network>/wallets/<name>.json` */
export async function walletFile({ wallet, network }: WalletOptions): Promise<string> {
  if (!namePattern.test(wallet)) {
    throw new CliError(
      `${JSON.stringify(wallet)} is no name for a wallet: ` +
        "use at most 64 letters, digits, - and _.",
      exitCodes.usage,
    );
  }
  const { dataFolder } = await import("../../../src/io/disk/folder.ts");
  return join(dataFolder(network, "wallets", process.env), `${wallet}.json`);
}

/** Asks for the password if the wallet has one. */
export async function openWallet(options: WalletOptions): Promise<OpenWallet> {
  const file = await walletFile(options);
  const { openWalletFile, readWalletSummary } = await import("../../../src/wallet/file.ts");
  const { Account } = await import("../../../src/wallet/keys.ts");
  const { JournalFile } = await import("../../../src/wallet/journal-file.ts");
  const params = paramsOf(options.network);
  const words = await explainFile(async () => {
    const { isProtected } = await readWalletSummary(file);
    return openWalletFile(file, isProtected ? await askPassword(options) : "");
  });
  const account = new Account(words, params);
  const journal = new JournalFile(journalFile(file, account));
  return { account, params, journal };
}

/** Beside the wallet; it names the account, so that a wallet restored in its place begins anew. */
function journalFile(file: string, { fingerprint }: Account): string {
  return `${file.replace(/\.json$/, "")}.${fingerprint}.journal`;
}

/** Turns what is wrong with a wallet file into an error that says what to do. */
export async function explainFile<Answer>(use: () => Promise<Answer>): Promise<Answer> {
  const { WalletFileError } = await import("../../../src/wallet/file.ts");
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof WalletFileError)) throw error;
    throw new CliError(`${error.message}${adviceOn(error.fault)}`, exitCodes.failed);
  }
}

function adviceOn(fault: "exists" | "absent" | "wrong-password" | "malformed"): string {
  switch (fault) {
    case "exists":
      return " Choose another name with --wallet.";
    case "absent":
      return " Make one with `powlab wallet new`, or bring one back with `powlab wallet restore`.";
    case "wrong-password":
    case "malformed":
      return " If you have its words, `powlab wallet restore --wallet NAME` makes it anew.";
  }
}
