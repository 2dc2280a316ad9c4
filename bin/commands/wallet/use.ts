/** An open wallet on a running node of its network. */

import type { Command } from "commander";
import type { Params } from "../../../src/consensus/params.ts";
import type { NodeClient } from "../../../src/wallet/client.ts";
import type { ReadingProgress } from "../../../src/wallet/view.ts";
import type { Wallet } from "../../../src/wallet/wallet.ts";
import { wholeNumber } from "../numbers.ts";
import { CliError, exitCodes } from "../output.ts";
import { Progress } from "../progress.ts";
import { askNode, type RemoteOptions, withRemoteOptions } from "../remote.ts";
import { type OpenWallet, type WalletOptions, withWalletOptions } from "./file.ts";

/** More addresses than this take minutes to ask for. */
const gapLimitMax = 10_000;

/** So many coins are read before anybody would look at a progress bar. */
const unseenMax = 2_000;

export type UseOptions = WalletOptions & RemoteOptions & { readonly gapLimit?: number };

export function withUseOptions(command: Command): Command {
  return withRemoteOptions(withWalletOptions(command)).option(
    "--gap-limit <count>",
    "look so many unused addresses ahead; the wallet remembers it (default: 20)",
    wholeNumber({ min: 1, max: gapLimitMax }),
  );
}

export async function useWallet<Answer>(
  { account, params, journal }: OpenWallet,
  options: UseOptions,
  use: (wallet: Wallet) => Promise<Answer>,
): Promise<Answer> {
  const { Wallet } = await import("../../../src/wallet/wallet.ts");
  const progress = new Progress("reading coins", 1, false);
  const onProgress: ReadingProgress = (read, known) => {
    if (known > unseenMax) progress.show(read / known);
  };
  try {
    return await askNode(options, async (client) => {
      await requireNetwork(client, params);
      const { gapLimit } = options;
      const chosen = { journal, onProgress, ...(gapLimit !== undefined && { gapLimit }) };
      return use(new Wallet(account, client, chosen));
    });
  } finally {
    progress.clear();
  }
}

async function requireNetwork(client: NodeClient, params: Params): Promise<void> {
  const { network, genesis } = await client.node();
  if (genesis === params.genesisHash) return;
  throw new CliError(
    `The node at ${client.baseUrl} is on the network "${network}", ` +
      `and this wallet is for "${params.name}": choose with --network or --api.`,
    exitCodes.usage,
  );
}
