/** One process of a cluster. It ends on the cluster's message, or when the cluster's process is gone. */

import "../../io/platform/polyfill.ts";
import { setTimeout as sleep } from "node:timers/promises";
import type { Standing } from "../../contract/cluster.ts";
import { createApp } from "../../io/http/app.ts";
import { serve } from "../../io/http/server.ts";
import { type LiveProcess, openLiveProcess } from "../../io/process/live-process.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { type ProtocolEntry, protocolNamed } from "../../protocols/catalogue.ts";
import type { Setting } from "../../protocols/process/process.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { Parent } from "../child/parent.ts";
import {
  actionNames,
  type NodeActions,
  type NodeNews,
  type NodeOrder,
  type NodeReady,
} from "./node-message.ts";

async function main(order: NodeOrder): Promise<void> {
  const parent = new Parent<NodeReady, NodeNews>();
  const entry = entryNamed(order.protocol);
  const protocol = chosenOf(entry, order.mutant);
  const teller = new Teller(parent);
  const { folder, listen } = order;
  const live = await openLiveProcess({
    ...{ protocol, workload: entry.workload, setting: settingOf(order), folder, listen },
    onNews: (news) => {
      parent.tell({ type: "news", kind: news.type, text: protocol.tell(news) });
      teller.note(live);
    },
    onFailure: ({ message }) => parent.fail(message),
  });
  const app = createApp({ routes: { "/": live.routes() } });
  const server = await serve(app, { port: order.apiPort });
  const { peerId, address, publicKey } = live;
  parent.serve<NodeActions>(
    { peerId, address, url: server.url, publicKey },
    {
      ...{ actions: actionsOf(live, teller), actionNames },
      stop: () => Promise.allSettled([server.close(), live.stop()]),
    },
  );
}

/** What the protocol knows of itself and the others. */
function settingOf({ name, members }: NodeOrder): Setting {
  return { name: name as PeerId, members: members as readonly PeerId[] };
}

function entryNamed(name: string): ProtocolEntry {
  const entry = protocolNamed(name);
  if (entry === undefined) throw new Error(`there is no protocol ${name}`);
  return entry;
}

function chosenOf({ protocol, mutants }: ProtocolEntry, name: string | null): Protocol {
  if (name === null) return protocol;
  const mutant = mutants.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`there is no mutant ${name}`);
  return mutant.protocol;
}

/** Tells the cluster what this process is, when that has changed. */
class Teller {
  readonly #parent: Parent<NodeReady, NodeNews>;
  #told = "";

  constructor(parent: Parent<NodeReady, NodeNews>) {
    this.#parent = parent;
  }

  note(live: LiveProcess): void {
    const standing = standingOf(live);
    const text = JSON.stringify(standing);
    if (text === this.#told) return;
    this.#told = text;
    this.#parent.tell({ type: "standing", standing });
  }
}

function standingOf({ view }: LiveProcess): Standing {
  const { role, era, isLeader } = view;
  return { role, era, isLeader };
}

function actionsOf(live: LiveProcess, teller: Teller): NodeActions {
  return {
    async begin(peers, directory, links) {
      live.begin(peers, directory, links);
      teller.note(live);
    },
    async setLinks(links) {
      live.setLinks(links);
    },
    async standing() {
      return standingOf(live);
    },
    async pause(forMs) {
      // Behind the answer: from then on this thread does nothing, and what comes waits in the kernel.
      void sleep(0).then(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs));
    },
    async killAtNextWrite(isWanted) {
      live.atNextWrite(isWanted ? () => process.kill(process.pid, "SIGKILL") : undefined);
    },
  };
}

Parent.run(main);
