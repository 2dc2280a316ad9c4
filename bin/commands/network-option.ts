/** The option --network of commands that ask no node. */

import { type Command, Option } from "commander";
import { networkNames } from "../../src/consensus/params.ts";

export function withNetworkOption(
  command: Command,
  summary = "whose addresses are shown",
): Command {
  const network = new Option("--network <name>", summary);
  return command.addOption(network.choices(networkNames).env("POWLAB_NETWORK").default("lab"));
}
