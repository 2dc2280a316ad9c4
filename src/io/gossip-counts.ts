/** How much a node received and published by gossip since it started. */

import type { GossipVerdict } from "../node/effect.ts";
import type { GossipTopic } from "./p2p/gossip.ts";

export type GossipCount = { readonly messages: number; readonly sizeBytes: number };

export type ReceivedGossip = GossipCount & {
  readonly topic: GossipTopic;
  readonly verdict: GossipVerdict;
};

export type PublishedGossip = GossipCount & { readonly topic: GossipTopic };

export class GossipCounts {
  readonly #received = new Map<string, ReceivedGossip>();
  readonly #published = new Map<GossipTopic, PublishedGossip>();

  addReceived(topic: GossipTopic, verdict: GossipVerdict, sizeBytes: number): void {
    const key = `${topic} ${verdict}`;
    this.#received.set(key, { topic, verdict, ...added(this.#received.get(key), sizeBytes) });
  }

  addPublished(topic: GossipTopic, sizeBytes: number): void {
    this.#published.set(topic, { topic, ...added(this.#published.get(topic), sizeBytes) });
  }

  /** By topic and verdict; what never came has no entry. */
  get received(): readonly ReceivedGossip[] {
    return [...this.#received.values()];
  }

  get published(): readonly PublishedGossip[] {
    return [...this.#published.values()];
  }
}

function added(former: GossipCount | undefined, sizeBytes: number): GossipCount {
  const { messages = 0, sizeBytes: before = 0 } = former ?? {};
  return { messages: messages + 1, sizeBytes: before + sizeBytes };
}
