/** A wallet with coins, in every form in which other wallets import one. */

import type { FundedKeyJson } from "../../contract/regtest.ts";
import type { NodeWallet } from "./node-wallet.ts";

export function fundedKeyOf({ name, words, key, account }: NodeWallet): FundedKeyJson {
  return {
    name,
    address: key.address,
    words,
    path: account.pathOf(key.place),
    wif: account.wifAt(key.place),
    descriptor: account.privateDescriptor("receiving"),
    changeDescriptor: account.privateDescriptor("change"),
  };
}
