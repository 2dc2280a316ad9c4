/** A peer that says what it likes: it speaks the protocols by itself, without a node behind it. */

import type { Params } from "../../src/consensus/params.ts";
import { type Network, startNetwork } from "../../src/io/p2p/network.ts";
import {
  announce,
  decodeMessage,
  encodeMessage,
  type Gossip,
  type Request,
  type Response,
  type Status,
} from "../../src/peers/message.ts";
import type { PeerId } from "../../src/primitives/brand.ts";
import { blockHash } from "../../src/primitives/header.ts";
import type { Forest } from "../chain/forest.ts";

/** What it answers; undefined leaves the question open for ever. */
export type Answer = (request: Request) => Response | undefined;

export class HostilePeer {
  readonly network: Network;
  #announcements = 0;

  constructor(network: Network) {
    this.network = network;
  }

  static async start(params: Params, answer: Answer): Promise<HostilePeer> {
    const prefix = `/powlab/${params.name}`;
    const network = await startNetwork(
      {
        topicPrefix: `${prefix}/${params.genesisHash.slice(0, 8)}`,
        syncProtocol: `${prefix}/sync/1`,
        addressProtocol: `${prefix}/address/1`,
        listen: ["/ip4/127.0.0.1/tcp/0"],
        bootstrap: [],
        exchangeAddresses: false,
      },
      {
        peerJoined: () => undefined,
        peerLeft: () => undefined,
        request: (_from, bytes) => respond(bytes, answer),
        gossip: () => Promise.resolve("ignore"),
      },
    );
    return new HostilePeer(network);
  }

  get id(): PeerId {
    return this.network.peerId;
  }

  async joins(...addresses: readonly string[]): Promise<this> {
    await Promise.all(addresses.map((address) => this.network.dial(address)));
    return this;
  }

  async gossips(message: Gossip): Promise<void> {
    await this.network.publish("block", encodeMessage(message));
  }

  /** A header alone; each time with another number, or gossip would not carry it again. */
  async announces(forest: Forest, block: string): Promise<void> {
    const { header } = forest.block(block);
    await this.gossips({ type: "header", header, announcer: ++this.#announcements });
  }

  async sends(forest: Forest, block: string): Promise<void> {
    await this.gossips(announce(forest.block(block)));
  }

  async stop(): Promise<void> {
    await this.network.stop();
  }
}

/** What an honest node with these blocks would say, if they are of work two each, upwards. */
export function statusAt(forest: Forest, tip: string): Status {
  const { genesisHash: genesis } = forest.params;
  const height = forest.heightOf(tip);
  return { genesis, tip: forest.hash(tip), height, work: 2n * BigInt(height + 1) };
}

/** Shows a branch by its headers, and leaves open what is asked for its bodies. */
export function showing(forest: Forest, branch: readonly string[]): Answer {
  const status = statusAt(forest, branch.at(-1) ?? "genesis");
  const headers = forest.headers(...branch);
  return (request) => {
    switch (request.type) {
      case "get-status":
        return { type: "status", status };
      case "get-headers": {
        const known = new Set(request.locator);
        const after = headers.findLastIndex((header) => known.has(blockHash(header)));
        return { type: "headers", headers: headers.slice(after + 1) };
      }
      case "get-blocks":
        return undefined;
      case "get-mempool":
        return { type: "transactions", transactions: [] };
    }
  };
}

/** The same, but it says at once that it has none of the bodies. */
export function lacking(forest: Forest, branch: readonly string[]): Answer {
  const shown = showing(forest, branch);
  return (request) =>
    request.type === "get-blocks" ? { type: "blocks", blocks: [] } : shown(request);
}

async function respond(bytes: Uint8Array, answer: Answer): Promise<Uint8Array> {
  const message = decodeMessage(bytes);
  if (!message.ok || !message.value.type.startsWith("get-")) throw new Error("no request");
  const response = answer(message.value as Request);
  if (response === undefined) return new Promise<never>(() => undefined);
  return encodeMessage(response);
}
