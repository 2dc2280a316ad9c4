/**
 * The libp2p host: transports, limits and time-outs, each set because of something that went wrong.
 */

import "../platform/polyfill.ts";
import { noise } from "@chainsafe/libp2p-noise";
import { yamux } from "@chainsafe/libp2p-yamux";
import { privateKeyFromProtobuf } from "@libp2p/crypto/keys";
import type { GossipSub } from "@libp2p/gossipsub";
import { identify } from "@libp2p/identify";
import type { Libp2p } from "@libp2p/interface";
import { ping } from "@libp2p/ping";
import { tcp } from "@libp2p/tcp";
import { createLibp2p } from "libp2p";
import type { Gate } from "./gate.ts";
import { gossipService, type GossipTopic } from "./gossip.ts";

export type Host = Libp2p<{ gossip: GossipSub }>;

export type HostOptions = {
  /** A protobuf-encoded Ed25519 key. */
  readonly identity: Uint8Array;
  readonly listen: readonly string[];
  readonly gate: Gate;
};

export type GossipHostOptions = HostOptions & {
  readonly topics: ReadonlyMap<GossipTopic, string>;
};

/** How long a connection may take until both sides have proved their identity. */
export const dialTimeoutMs = 5_000;
const connectionsMax = 50;
/** libp2p's 5 a second from one address is too few when a whole lab shares one. */
const connectionsPerSecondMax = 100;
const pendingConnectionsMax = 64;
/** Streams of all protocols on a connection; yamux alone would allow 1,000 of 4 MiB each. */
const streamsMax = 64;
const windowInitialBytes = 1024 * 1024;
const windowMaxBytes = 16 * 1024 * 1024;
/** Long, because a ping that is late on a busy processor would end every connection. */
const pingIntervalMs = 15_000;
const pingTimeoutMs = 30_000;
/** libp2p drops an address after an hour, so a long-standing peer could not be dialled again. */
const addressAgeMaxMs = 7 * 24 * 3_600_000;

/** Makes a host that is not started: protocols must be registered first, or identify omits them. */
export async function createHost(options: GossipHostOptions): Promise<Host> {
  const services = { ...usualServices(), gossip: gossipService(options.topics) };
  return createLibp2p({ ...settingsOf(options), services });
}

/** The same without gossip: for streams between peers that know each other. */
export async function createPlainHost(options: HostOptions): Promise<Libp2p> {
  return createLibp2p({ ...settingsOf(options), services: usualServices() });
}

function usualServices() {
  return { identify: identify(), ping: ping() };
}

function settingsOf(options: HostOptions) {
  return {
    start: false,
    privateKey: privateKeyFromProtobuf(options.identity),
    addresses: { listen: [...options.listen] },
    transports: [tcp({ dialOpts: { noDelay: true }, listenOpts: { noDelay: true } })],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: streamsMax,
        maxOutboundStreams: streamsMax,
        streamOptions: {
          initialStreamWindowSize: windowInitialBytes,
          maxStreamWindowSize: windowMaxBytes,
        },
      }),
    ],
    connectionGater: options.gate.connectionGater(),
    connectionManager: {
      maxConnections: connectionsMax,
      inboundConnectionThreshold: connectionsPerSecondMax,
      maxIncomingPendingConnections: pendingConnectionsMax,
      dialTimeout: dialTimeoutMs,
      inboundUpgradeTimeout: dialTimeoutMs,
    },
    connectionMonitor: {
      pingInterval: pingIntervalMs,
      pingTimeout: { minTimeout: pingTimeoutMs },
    },
    peerStore: { maxAddressAge: addressAgeMaxMs, maxPeerAge: addressAgeMaxMs },
  };
}
