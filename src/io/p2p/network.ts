/** The network: a libp2p host that carries bytes between peers and does not interpret them. */

import "../platform/polyfill.ts";
import { setTimeout as pause } from "node:timers/promises";
import { TopicValidatorResult } from "@libp2p/gossipsub";
import type { Connection } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import type { PeerId } from "../../primitives/brand.ts";
import { AddressExchange } from "./address-exchange.ts";
import { describeDialError, describeListenError, describeRefusal } from "./connect-problem.ts";
import { Exchange } from "./exchange.ts";
import { Gate, ipOf } from "./gate.ts";
import { gossipBytesMax, GossipFaults, type GossipTopic, gossipTopics } from "./gossip.ts";
import { createHost, dialTimeoutMs, type Host } from "./host.ts";
import { newIdentity, peerNamed } from "./identity.ts";
import { Maintainer } from "./maintainer.ts";
import { Members, type PeerConnection } from "./members.ts";
import type { Pace } from "./quota.ts";
import { findDialFault, findListenFault } from "./tcp-address.ts";

export type { GossipTopic } from "./gossip.ts";
export { isIdentity, newIdentity, peerIdOf } from "./identity.ts";
export type { PeerConnection } from "./members.ts";

export type NetworkOptions = {
  /** `/powlab/<network>/<genesis prefix>`; topics are this with `/block/2` and `/tx/2`. */
  readonly topicPrefix: string;
  readonly syncProtocol: string;
  readonly addressProtocol: string;
  /** Multiaddrs such as `/ip4/127.0.0.1/tcp/0`; port 0 takes a free one. */
  readonly listen: readonly string[];
  /** Multiaddrs that are redialled for ever. */
  readonly bootstrap: readonly string[];
  /** A protobuf-encoded Ed25519 key, as `newIdentity` gives; a fresh one if it is missing. */
  readonly privateKey?: Uint8Array;
  /** Whether to find peers through peers; without, the network has only the configured links. */
  readonly exchangeAddresses?: boolean;
  readonly outboundTarget?: number;
  /** How often one peer may ask. */
  readonly pace?: Pace;
  readonly gate?: Gate;
  /**
   * Called when an address of `bootstrap` cannot be joined, and again when the cause changes.
   *
   * @param problem the address and the cause, without a full stop.
   */
  readonly onUnreachable?: (problem: string) => void;
};

/** Who uses the network. A peer's requests and gossip come only between its joining and leaving. */
export interface NetworkHandler {
  peerJoined(peer: PeerId): void;
  peerLeft(peer: PeerId): void;
  /** Gives the answer, which may be empty; if it throws, the peer's request fails. */
  request(from: PeerId, message: Uint8Array): Promise<Uint8Array>;
  /** Judges a message before it is passed on; `reject` costs the peer that sent it its score. */
  gossip(
    from: PeerId,
    topic: GossipTopic,
    message: Uint8Array,
  ): Promise<"accept" | "ignore" | "reject">;
}

export interface Network {
  readonly peerId: PeerId;
  readonly gate: Gate;
  /** Multiaddrs at which others reach this node, each with its peer id. */
  addresses(): string[];
  /** The peers that have joined. */
  peers(): PeerConnection[];
  /** Asks a joined peer; rejects if it refuses, fails or is late. */
  request(to: PeerId, message: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  /** Sends to all peers, or to none if there are none. Throws a RangeError above the size limit. */
  publish(topic: GossipTopic, message: Uint8Array): Promise<void>;
  /** Resolves when the peer has joined; from then on it is redialled until `disconnect`. */
  dial(address: string): Promise<void>;
  disconnect(peer: PeerId): Promise<void>;
  /** Ends within two seconds. The handler is not called any more from the moment of the call. */
  stop(): Promise<void>;
}

/** Bitcoin Core's number of full-relay outbound connections. */
const outboundTargetDefault = 8;
/** Half a second below what `stop` promises, for the connections that must be aborted then. */
const stopTimeoutMs = 1_500;
const hangUpTimeoutMs = 1_000;
/** With 16 blocks to a request this is faster than any node verifies blocks. */
const usualPace: Pace = { requestsPerSecond: 100, burst: 200 };

const verdicts = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
} as const;

/**
 * Starts a host and listens.
 *
 * @throws Error that names the address, if one cannot be listened on or is malformed.
 */
export async function startNetwork(
  options: NetworkOptions,
  handler: NetworkHandler,
): Promise<Network> {
  for (const address of options.listen) require(address, findListenFault(address));
  for (const address of options.bootstrap) require(address, findDialFault(address));
  const gate = options.gate ?? new Gate();
  const host = await createHost({
    identity: options.privateKey ?? newIdentity(),
    listen: options.listen,
    gate,
    topics: topicNames(options.topicPrefix),
  });
  const network = new RunningNetwork(host, gate, options, handler);
  await network.start();
  // Not before the caller holds the network.
  setImmediate(() => network.open());
  return network;
}

class RunningNetwork implements Network {
  readonly peerId: PeerId;
  readonly gate: Gate;
  readonly #host: Host;
  readonly #options: NetworkOptions;
  readonly #handler: NetworkHandler;
  readonly #topics: ReadonlyMap<GossipTopic, string>;
  readonly #members: Members;
  readonly #sync: Exchange;
  readonly #addresses: AddressExchange | undefined;
  readonly #maintainer: Maintainer;
  readonly #faults: GossipFaults;
  #stopped: Promise<void> | undefined;

  constructor(host: Host, gate: Gate, options: NetworkOptions, handler: NetworkHandler) {
    this.peerId = peerNamed(host.peerId);
    this.gate = gate;
    this.#host = host;
    this.#options = options;
    this.#handler = handler;
    this.#topics = topicNames(options.topicPrefix);
    const { syncProtocol, addressProtocol, exchangeAddresses = true } = options;
    const members = new Members({
      host,
      gate,
      syncProtocol,
      joined: (connection) => this.#joined(connection),
      left: (peer) => this.#left(peer),
    });
    this.#members = members;
    this.#sync = new Exchange({
      host,
      protocol: syncProtocol,
      gate,
      members,
      pace: options.pace ?? usualPace,
      serve: (from, message) => handler.request(from, message),
    });
    const outboundTarget = exchangeAddresses
      ? (options.outboundTarget ?? outboundTargetDefault)
      : 0;
    const maintainer = new Maintainer({
      host,
      gossip: host.services.gossip,
      gate,
      members,
      outboundTarget,
      syncProtocol,
      ...(options.onUnreachable && { onUnreachable: options.onUnreachable }),
    });
    this.#maintainer = maintainer;
    this.#addresses = exchangeAddresses
      ? new AddressExchange({
          host,
          protocol: addressProtocol,
          gate,
          members,
          learned: () => maintainer.learned(),
        })
      : undefined;
    this.#faults = new GossipFaults(gate);
  }

  /** Listens. What identify lists must be in place before, so protocols come first. */
  async start(): Promise<void> {
    const { gossip } = this.#host.services;
    for (const [topic, name] of this.#topics) {
      gossip.topicValidators.set(name, (peer, { data }) =>
        this.#judge(peerNamed(peer), topic, data),
      );
    }
    this.#host.addEventListener("connection:open", this.#onConnection);
    await this.#sync.start();
    await this.#addresses?.start();
    try {
      await this.#host.start();
    } catch (error) {
      this.#members.close();
      throw listenError(this.#options.listen, error);
    }
    for (const name of this.#topics.values()) gossip.subscribe(name);
  }

  /** Begins to dial, and lets peers join. */
  open(): void {
    if (this.#stopped !== undefined) return;
    this.gate.attach({
      drop: (peer) => this.#maintainer.drop(peer),
      healed: (peers) => this.#maintainer.healed(peers),
      connectionsFrom: (ip) => this.#connectionsFrom(ip),
    });
    for (const address of this.#options.bootstrap) this.#maintainer.keep(multiaddr(address));
    this.#members.open();
    this.#maintainer.start();
  }

  addresses(): string[] {
    return this.#host.getMultiaddrs().map(String);
  }

  peers(): PeerConnection[] {
    return this.#members.all();
  }

  async request(to: PeerId, message: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return this.#sync.request(to, message, timeoutMs);
  }

  async publish(topic: GossipTopic, message: Uint8Array): Promise<void> {
    if (message.length > gossipBytesMax) {
      throw new RangeError(`gossip has at most ${gossipBytesMax} bytes, not ${message.length}`);
    }
    const name = this.#topics.get(topic);
    if (this.#stopped !== undefined || name === undefined) return;
    await this.#host.services.gossip.publish(name, message);
  }

  async dial(address: string): Promise<void> {
    require(address, findDialFault(address));
    const target = multiaddr(address);
    const { remotePeer } = await this.#connect(target);
    if (!(await this.#members.whenJoined(peerNamed(remotePeer), dialTimeoutMs))) {
      const { syncProtocol } = this.#options;
      throw new Error(`cannot connect to ${address}: ${describeRefusal(syncProtocol)}`);
    }
    this.#maintainer.keep(target, remotePeer);
  }

  async disconnect(peer: PeerId): Promise<void> {
    this.#maintainer.rest(peer);
    const signal = AbortSignal.timeout(hangUpTimeoutMs);
    await this.#host.hangUp(peerIdFromString(peer), { signal }).catch(() => {
      // Dropped below.
    });
    this.#maintainer.drop(peer);
  }

  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.gate.detach();
    this.#members.close();
    this.#maintainer.stop();
    this.#addresses?.stop();
    this.#sync.stop();
    this.#faults.stop();
    this.#host.removeEventListener("connection:open", this.#onConnection);
    const isSlow = new AbortController();
    const slow = pause(stopTimeoutMs, undefined, { signal: isSlow.signal }).catch(() => {});
    await Promise.race([this.#host.stop(), slow]);
    isSlow.abort();
    for (const connection of this.#host.getConnections()) {
      connection.abort(new Error("the node is stopping"));
    }
  }

  readonly #onConnection = ({ detail: connection }: CustomEvent<Connection>): void => {
    this.#faults.apply(connection);
  };

  #joined(connection: PeerConnection): void {
    this.#maintainer.joined(connection.peer);
    this.#addresses?.joined(connection);
    this.#handler.peerJoined(connection.peer);
  }

  #left(peer: PeerId): void {
    this.#sync.forget(peer);
    this.#addresses?.left(peer);
    this.#handler.peerLeft(peer);
  }

  async #judge(
    from: PeerId,
    topic: GossipTopic,
    message: Uint8Array,
  ): Promise<TopicValidatorResult> {
    if (!(await this.#members.whenJoined(from))) return TopicValidatorResult.Ignore;
    return verdicts[await this.#handler.gossip(from, topic, message)];
  }

  async #connect(address: Multiaddr): Promise<Connection> {
    try {
      return await this.#host.dial(address, { signal: AbortSignal.timeout(dialTimeoutMs) });
    } catch (error) {
      const where = address.toString();
      throw new Error(`cannot connect to ${where}: ${describeDialError(error)}`, { cause: error });
    }
  }

  #connectionsFrom(ip: string): number {
    return this.#host.getConnections().filter(({ remoteAddr }) => ipOf(remoteAddr) === ip).length;
  }
}

export function topicNames(prefix: string): Map<GossipTopic, string> {
  return new Map(gossipTopics.map((topic) => [topic, `${prefix}/${topic}/2`]));
}

function require(address: string, fault: string | undefined): void {
  if (fault !== undefined) throw new Error(`"${address}" cannot be used: ${fault}`);
}

/** libp2p reports all addresses at once, with stacks; the user needs one line and what to do. */
function listenError(listen: readonly string[], error: unknown): Error {
  const text = String(error);
  const where = listen.find((address) => text.includes(`\n  ${address}: `)) ?? listen.join(", ");
  return new Error(`cannot listen on ${where}: ${describeListenError(error)}`, { cause: error });
}
