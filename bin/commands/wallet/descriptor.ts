/** `powlab wallet descriptor`: the wallet's addresses in the form that other wallets import. */

import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { say, write, writeJson } from "../output.ts";
import { withJsonOption } from "../remote.ts";
import { openWallet, type WalletOptions, withWalletOptions } from "./file.ts";

type DescriptorOptions = WalletOptions & { readonly private?: true; readonly json?: true };

export function registerDescriptor(wallet: Command): void {
  const describing = wallet
    .command("descriptor")
    .description("its addresses as descriptors, for other wallets to import");
  const command = withJsonOption(withWalletOptions(describing))
    .option("--private", "with the secret to spend; anyone who sees it can")
    .action(showDescriptors);
  withExamples(command, [
    ["powlab wallet descriptor", "to watch it: the first line receives, the second is change"],
    ["powlab wallet descriptor --json", "as bitcoin-cli importdescriptors takes it"],
    ["powlab wallet descriptor --private", "to spend from another wallet"],
  ]);
}

async function showDescriptors(options: DescriptorOptions): Promise<void> {
  const { account, journal } = await openWallet(options);
  const { keyUses } = await import("../../../src/wallet/keys.ts");
  const { gapLimitDefault } = await import("../../../src/wallet/view.ts");
  const descriptors = keyUses.map((use) => ({
    use,
    desc: options.private ? account.privateDescriptor(use) : account.publicDescriptor(use),
  }));
  if (options.json) {
    const { gapLimit = gapLimitDefault, addresses } = await journal.read();
    const last = Math.max(gapLimit - 1, ...addresses);
    return writeJson(
      // The shape is Bitcoin Core's; from time 0 on, so that the whole chain is searched.
      descriptors.map(({ use, desc }) => ({
        desc,
        active: true,
        internal: use === "change",
        timestamp: 0,
        range: [0, last],
      })),
    );
  }
  for (const { desc } of descriptors) write(desc);
  if (options.private) say("Who has these lines has the money: keep them secret.");
  else say("These lines reveal all addresses, and spend nothing.");
}
