/** How this node gossips: gossipsub's settings, its scores, and faults of links. */

import { createHash } from "node:crypto";
import { type GossipSub, gossipsub, type Message, StrictNoSign } from "@libp2p/gossipsub";
import { defaultTopicScoreParams, type TopicScoreParams } from "@libp2p/gossipsub/score";
import type { Connection, Stream } from "@libp2p/interface";
import type { PeerId } from "../../primitives/brand.ts";
import type { Gate } from "./gate.ts";
import { peerNamed } from "./identity.ts";

export type GossipTopic = "block" | "tx";

export const gossipTopics: readonly GossipTopic[] = ["block", "tx"];

/** What one gossip frame may hold. 4 MiB and more vanish without an error, so stay below. */
const frameBytesMax = 4_000_000;
/** A gossiped message; the frame around it also carries control messages. */
export const gossipBytesMax = frameBytesMax - 100_000;
/** A reader so slow that this much waits for it has its gossip stream reset. */
const unsentBytesMax = 32 * 1024 * 1024;
/** Frames that wait for a slow link; above that the link loses them. */
const delayedFramesMax = 10_000;
/** Below this score a peer is ignored: three invalid blocks, or seven invalid messages of `tx`. */
export const banScore = -80;
/**
 * How long a score outlives its connection. Kept scores do not decay, so this is shorter than the
 * ban: a peer whose ban has ended starts anew.
 */
const scoreKeptMs = 60_000;

/** The gossip service of a host, with these topics only. */
export function gossipService(topics: ReadonlyMap<GossipTopic, string>) {
  return gossipsub({
    // Blocks and transactions prove themselves, and an unsigned message costs half the time.
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: messageId,
    allowedTopics: [...topics.values()],
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    floodPublish: true,
    fallbackToFloodsub: false,
    heartbeatInterval: 700,
    maxInboundDataLength: frameBytesMax,
    maxOutboundBufferSize: unsentBytesMax,
    idontwantMinDataSize: 16 * 1024,
    maxTopicBytesPerPeer: 16 * 1024,
    scoreParams: {
      // Many nodes share one address on a laptop; the default silences more than ten of them.
      IPColocationFactorWeight: 0,
      // Mild, because on a lossy link an honest peer seems to break its IWANT promises too.
      behaviourPenaltyWeight: -1,
      behaviourPenaltyDecay: 0.9,
      retainScore: scoreKeptMs,
      // A topic that is not listed here has no penalty for invalid messages at all.
      topics: Object.fromEntries(
        [...topics].map(([topic, name]) => [name, scoresOf(topic === "block" ? -20 : -2)]),
      ),
    },
    scoreThresholds: {
      gossipThreshold: -20,
      publishThreshold: -50,
      graylistThreshold: banScore,
      acceptPXThreshold: 10,
      opportunisticGraftThreshold: 5,
    },
  });
}

/** A peer's score, which gossipsub keeps but does not act on. */
export function scoreOf(gossip: GossipSub, peer: PeerId): number {
  return hasScores(gossip) ? gossip.getScore(peer) : 0;
}

/**
 * Whether our gossip with a peer gets through on one of these connections. A side that gave up
 * closes only its own half, so an open stream is not enough.
 */
export function hasGossipStream(connections: readonly Connection[]): boolean {
  return connections.some(({ streams }) =>
    streams.some(
      ({ protocol, direction, status, writeStatus, remoteWriteStatus }) =>
        isGossip(protocol) &&
        direction === "outbound" &&
        status === "open" &&
        writeStatus === "writable" &&
        remoteWriteStatus === "writable",
    ),
  );
}

/** Sends gossip through the gate, so that a link can be slow or lossy. */
export class GossipFaults {
  readonly #gate: Gate;
  readonly #delayed = new Set<NodeJS.Timeout>();

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /**
   * Makes the gossip streams of a new connection obey the gate. libp2p's own stream middleware
   * cannot be used: it runs the inbound handler on outbound streams, too.
   */
  apply(connection: Connection): void {
    const peer = peerNamed(connection.remotePeer);
    const open = connection.newStream.bind(connection);
    connection.newStream = async (protocols, options) => {
      const stream = await open(protocols, options);
      if (isGossip(stream.protocol)) this.#weaken(stream, peer);
      return stream;
    };
  }

  stop(): void {
    for (const timer of this.#delayed) clearTimeout(timer);
    this.#delayed.clear();
  }

  #weaken(stream: Stream, peer: PeerId): void {
    const send = stream.send.bind(stream);
    stream.send = (frame) => {
      if (carriesMessages(frame.subarray(0, frameHeadBytesMax)) && this.#gate.isLost(peer)) {
        return true;
      }
      const { delayMs } = this.#gate.faultOf(peer);
      if (delayMs === 0) return send(frame);
      if (this.#delayed.size >= delayedFramesMax) return true;
      const timer = setTimeout(() => {
        this.#delayed.delete(timer);
        if (stream.writeStatus === "writable") send(frame);
      }, delayMs);
      this.#delayed.add(timer);
      return true;
    };
  }
}

/** A length of at most four bytes, as frames end below 4 MB, and the first field's tag. */
const frameHeadBytesMax = 5;
/** Field 2 of gossipsub's RPC, length-delimited: messages come before any control field. */
const messagesTag = 0x12;

/** Frames of control only are never lost: a link loses messages, but not subscriptions. */
function carriesMessages(frameHead: Uint8Array): boolean {
  const lengthEnd = frameHead.findIndex((byte) => byte < 0x80);
  return frameHead[lengthEnd + 1] === messagesTag;
}

function isGossip(protocol: string): boolean {
  return protocol.startsWith("/meshsub/");
}

function messageId(message: Message): Uint8Array {
  const hash = createHash("sha256").update(message.topic).update("\0").update(message.data);
  return hash.digest().subarray(0, 20);
}

/** First deliveries are rewarded and invalid messages cost; silence does not, as blocks are rare. */
function scoresOf(invalidWeight: number): TopicScoreParams {
  return {
    ...defaultTopicScoreParams,
    topicWeight: 1,
    timeInMeshWeight: 0.01,
    timeInMeshQuantum: 1_000,
    timeInMeshCap: 300,
    firstMessageDeliveriesWeight: 0.1,
    firstMessageDeliveriesDecay: 0.9,
    firstMessageDeliveriesCap: 50,
    meshMessageDeliveriesWeight: 0,
    meshFailurePenaltyWeight: 0,
    invalidMessageDeliveriesWeight: invalidWeight,
    invalidMessageDeliveriesDecay: 0.97,
  };
}

/** `getScore` is on the object, but not in gossipsub's interface. */
function hasScores(gossip: object): gossip is { getScore(peer: string): number } {
  return "getScore" in gossip && typeof gossip.getScore === "function";
}
