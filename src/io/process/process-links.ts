/** The links of a live process: libp2p connections with all others, and messages over them. */

import { setTimeout as pause } from "node:timers/promises";
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import { lpStream } from "@libp2p/utils";
import { multiaddr } from "@multiformats/multiaddr";
import type { PeerId } from "../../primitives/brand.ts";
import { asError } from "../../primitives/error-message.ts";
import { messageBytesMax } from "../../protocols/process/wire.ts";
import { describeListenError } from "../p2p/connect-problem.ts";
import { Gate } from "../p2p/gate.ts";
import { createPlainHost, dialTimeoutMs } from "../p2p/host.ts";
import { peerNamed } from "../p2p/identity.ts";
import { type FrameSink, type LinkFaults, noFaults, PeerLink } from "./peer-link.ts";

/** Another process: what the protocol calls it, who it is for libp2p, and where. */
export type PeerPlace = {
  readonly name: string;
  readonly peerId: PeerId;
  /** A multiaddr. */
  readonly address: string;
};

/** The state of the link to a peer. */
export type LinkState = LinkFaults & {
  /** There is no connection, in either direction. Both sides must be told. */
  readonly isCut: boolean;
};

export const openLink: LinkState = { ...noFaults, isCut: false };

export type ProcessLinksOptions = {
  /** What this process is called. */
  readonly name: string;
  /** A protobuf-encoded Ed25519 key. */
  readonly identity: Uint8Array;
  /** A multiaddr. */
  readonly listen: string;
  /** The one libp2p protocol; it has the name of what is spoken. */
  readonly protocol: string;
  /** @param from the name of a process. */
  readonly onMessage: (from: string, message: Uint8Array) => void;
};

/** What libp2p may read ahead of us. */
const bufferBytesMax = 4 * messageBytesMax;
/** On loopback a refused connection costs next to nothing. */
const redialMs = 200;
const stopTimeoutMs = 1_500;
/** One in each direction, and those of a peer that has just opened a new one. */
const streamsMax = 8;
/** What no reader of messages accepts. */
const nothing = new Uint8Array();

/** @throws Error that names the address if it cannot be listened on. */
export async function openProcessLinks(options: ProcessLinksOptions): Promise<ProcessLinks> {
  const gate = new Gate();
  const { identity, listen } = options;
  const host = await createPlainHost({ identity, listen: [listen], gate });
  const links = new ProcessLinks(host, gate, options);
  await links.start();
  return links;
}

export class ProcessLinks {
  readonly #host: Libp2p;
  readonly #gate: Gate;
  readonly #options: ProcessLinksOptions;
  /** By the names of the processes. */
  readonly #peers = new Map<string, PeerPlace>();
  readonly #links = new Map<string, PeerLink>();
  readonly #dialling = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(host: Libp2p, gate: Gate, options: ProcessLinksOptions) {
    this.#host = host;
    this.#gate = gate;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { protocol, listen } = this.#options;
    await this.#host.handle(protocol, (stream, connection) => this.#read(stream, connection), {
      maxInboundStreams: streamsMax,
      maxOutboundStreams: streamsMax,
    });
    try {
      await this.#host.start();
    } catch (error) {
      const reason = describeListenError(error);
      throw new Error(`cannot listen on ${listen}: ${reason}`, { cause: error });
    }
  }

  get peerId(): PeerId {
    return peerNamed(this.#host.peerId);
  }

  /** A multiaddr with the peer id. */
  get address(): string {
    const [address] = this.#host.getMultiaddrs();
    if (address === undefined) throw new Error("a started host has an address");
    return address.toString();
  }

  /** From now on it keeps a connection with each of them. */
  connect(peers: readonly PeerPlace[]): void {
    for (const peer of peers) {
      this.#peers.set(peer.name, peer);
      this.#links.set(peer.name, new PeerLink(() => this.#openStream(peer)));
    }
    this.#gate.attach({
      drop: (peer) => this.#drop(peer),
      healed: () => this.#dialMissing(),
      connectionsFrom: () => 0,
    });
    this.#timer = setInterval(() => this.#dialMissing(), redialMs);
    this.#dialMissing();
  }

  /** It is lost if there is no connection with that process now. */
  send(to: string, message: Uint8Array): void {
    if (message.length <= messageBytesMax) this.#links.get(to)?.send(message);
  }

  /** For this side of a link. */
  setLink(name: string, state: LinkState): void {
    const [peer, link] = [this.#peers.get(name), this.#links.get(name)];
    if (peer === undefined || link === undefined) return;
    link.faults = state;
    if (state.isCut) this.#gate.cut(peer.peerId);
    else this.#gate.heal(peer.peerId);
  }

  /** Ends within two seconds. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#gate.detach();
    for (const link of this.#links.values()) link.close();
    const isSlow = new AbortController();
    const slow = pause(stopTimeoutMs, undefined, { signal: isSlow.signal }).catch(() => undefined);
    await Promise.race([this.#host.stop(), slow]);
    isSlow.abort();
    for (const connection of this.#host.getConnections()) {
      connection.abort(new Error("the process is stopping"));
    }
  }

  /** Of two processes the one that comes first by name dials, so that they never cross. */
  #dialMissing(): void {
    for (const peer of this.#peers.values()) {
      const isOurs = this.#options.name < peer.name;
      const isMissing = this.#connectionWith(peer) === undefined;
      if (isOurs && isMissing && !this.#gate.isDenied(peer.peerId)) void this.#dial(peer);
    }
  }

  async #dial({ name, address }: PeerPlace): Promise<void> {
    if (this.#dialling.has(name)) return;
    this.#dialling.add(name);
    const signal = AbortSignal.timeout(dialTimeoutMs);
    // It may be down, or part us from it: the next attempt comes soon.
    await this.#host.dial(multiaddr(address), { signal }).catch(() => undefined);
    this.#dialling.delete(name);
  }

  #connectionWith({ peerId }: PeerPlace): Connection | undefined {
    const connections = this.#host.getConnections(peerIdFromString(peerId));
    return connections.find(({ status }) => status === "open");
  }

  #drop(peer: PeerId): void {
    for (const connection of this.#host.getConnections(peerIdFromString(peer))) {
      connection.abort(new Error("the link is cut"));
    }
  }

  async #openStream(peer: PeerPlace): Promise<FrameSink> {
    const connection = this.#connectionWith(peer);
    if (connection === undefined) throw new Error(`${peer.name} is not connected`);
    const signal = AbortSignal.timeout(dialTimeoutMs);
    const stream = await connection.newStream(this.#options.protocol, { signal });
    const frames = lpStream(stream, { maxDataLength: messageBytesMax });
    return {
      write: (frame, written) => frames.write(frame, { signal: written }),
      abort: (error) => stream.abort(error),
    };
  }

  /** Ends with the stream, or with a frame that is too long. */
  async #read(stream: Stream, connection: Connection): Promise<void> {
    const peerId = peerNamed(connection.remotePeer);
    const from = [...this.#peers.values()].find((peer) => peer.peerId === peerId)?.name;
    if (from === undefined) {
      stream.abort(new Error("only members may send"));
      return;
    }
    const frames = lpStream(stream, {
      maxDataLength: messageBytesMax,
      maxBufferSize: bufferBytesMax,
    });
    try {
      for (;;) this.#options.onMessage(from, (await frames.read()).subarray());
    } catch (error) {
      if (asError(error).name === "InvalidDataLengthError") this.#options.onMessage(from, nothing);
      stream.abort(asError(error));
    }
  }
}
