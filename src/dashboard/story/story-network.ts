/** The nodes and links as far as they are known, and which node a peer id belongs to. */

import type { LabEvent } from "../../contract/timeline.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { type ChangingNode, copyOfNode, newNode } from "./story-node.ts";

/** A real or intended connection of two nodes. */
export type StoryLink = {
  readonly between: readonly [string, string];
  readonly isCut: boolean;
  /** The delay in each direction; null if unknown. */
  readonly delayMs: number | null;
};

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { readonly type: Type }>;

export class StoryNetwork {
  readonly #nodes = new Map<string, ChangingNode>();
  readonly #links = new Map<string, StoryLink>();
  /** Node names by peer id. They stay when a lab begins anew: its nodes keep their keys. */
  readonly #names = new Map<PeerId, string>();
  /** The delay of a link that is not slowed; null if unknown. */
  #usualDelayMs: number | null = null;

  get nodes(): readonly ChangingNode[] {
    return [...this.#nodes.values()];
  }

  get links(): readonly StoryLink[] {
    return [...this.#links.values()];
  }

  node(name: string): ChangingNode | undefined {
    return this.#nodes.get(name);
  }

  /** The node of this name; it is added if no event named it before. */
  nodeNamed(name: string): ChangingNode {
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const node = newNode(name, "observer");
    this.#nodes.set(name, node);
    return node;
  }

  /** The peer id itself if no node of the story has it. */
  nameOf(peer: PeerId): string {
    return this.#names.get(peer) ?? peer;
  }

  open({ nodes, latencyMs }: EventOf<"opening">): void {
    this.#nodes.clear();
    this.#links.clear();
    this.#usualDelayMs = latencyMs;
    for (const { name, role } of nodes) this.#nodes.set(name, newNode(name, role));
  }

  start({ nodes, links }: EventOf<"started">): void {
    for (const { name, role, url, peerId, listen, address } of nodes) {
      const facts = { role, url, peerId, listen, address, state: "up" };
      Object.assign(this.nodeNamed(name), facts);
      this.#names.set(peerId, name);
    }
    for (const { from, to } of links) this.#restoreLink([from, to]);
  }

  nodeUp({ node, peerId, height, tip }: EventOf<"node-up">): void {
    Object.assign(this.nodeNamed(node), { state: "up", peerId, height, tip });
    this.#names.set(peerId, node);
  }

  nodeDown(name: string, state: "down" | "failed"): void {
    const node = this.nodeNamed(name);
    node.state = state;
    node.measurement = null;
    node.peers.clear();
    node.waiting.clear();
    for (const other of this.#nodes.values()) other.peers.delete(name);
  }

  changeLink({ between, isCut, delayMs }: StoryLink): void {
    this.#links.set(linkKey(...between), { between, isCut, delayMs });
  }

  restoreLinks(): void {
    for (const { between } of this.links) this.#restoreLink(between);
  }

  copy(): StoryNetwork {
    const copy = new StoryNetwork();
    for (const [name, node] of this.#nodes) copy.#nodes.set(name, copyOfNode(node));
    for (const [key, link] of this.#links) copy.#links.set(key, link);
    for (const [peer, name] of this.#names) copy.#names.set(peer, name);
    copy.#usualDelayMs = this.#usualDelayMs;
    return copy;
  }

  #restoreLink(between: readonly [string, string]): void {
    this.changeLink({ between, isCut: false, delayMs: this.#usualDelayMs });
  }
}

/** One name for both directions of a link. */
export function linkKey(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
