/** `powlab peers`: whom a running node is connected to. */

import type { Command } from "commander";
import { withExamples } from "./examples.ts";
import { say, write, writeJson } from "./output.ts";
import { askNode, type RemoteOptions, withRemoteOptions } from "./remote.ts";
import { formatTable } from "./table.ts";

export function register(program: Command): void {
  const peers = withRemoteOptions(
    program.command("peers").description("the nodes a running node talks to"),
  ).action(showPeers);
  withExamples(peers, [["powlab peers --json"]]);
}

async function showPeers(options: RemoteOptions): Promise<void> {
  const peers = await askNode(options, (client) => client.peers());
  if (options.json) return writeJson(peers);
  if (peers.length === 0) {
    say("It has no peers. Next: start another node with `powlab node --connect ADDRESS`");
    return;
  }
  write(
    formatTable(
      [
        { title: "peer" },
        { title: "direction" },
        { title: "height", align: "right" },
        { title: "penalty", align: "right" },
        { title: "address" },
      ],
      peers.map(({ peer, direction, ready, height, penalty, address }) => [
        peer,
        direction ?? "-",
        ready ? height : "-",
        penalty,
        address ?? "-",
      ]),
    ),
  );
  say("Next: powlab chain tip");
}
