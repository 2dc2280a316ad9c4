/** An attacker: an honest node, and a filter over what it wants done. */

import type { TreeEntry } from "../chain/tree.ts";
import type { Effect } from "../node/effect.ts";
import type { NodeEvent } from "../node/event.ts";
import type { Machine, Node } from "../node/node.ts";
import { announce } from "../peers/message.ts";
import type { Milliseconds } from "../primitives/brand.ts";

/** Decides what is really done of an honest node's effects. */
export interface Behaviour {
  /**
   * @param effects what the node answered to one event; already committed to its store.
   * @returns what is carried out instead, in order.
   */
  filter(effects: readonly Effect[], node: Node, now: Milliseconds): readonly Effect[];
}

/** A node that behaves in its own way, honestly as long as there is no behaviour. */
export class Behaving implements Machine {
  readonly node: Node;
  /** Whoever changes it should wake the node, so that the change is felt at once. */
  behaviour: Behaviour | undefined;

  constructor(node: Node, behaviour?: Behaviour) {
    this.node = node;
    this.behaviour = behaviour;
  }

  handle(event: NodeEvent, now: Milliseconds): readonly Effect[] {
    const effects = this.node.handle(event, now);
    return this.behaviour?.filter(effects, this.node, now) ?? effects;
  }
}

/** Tells everybody of blocks that the node kept to itself, in this order. */
export function publish(entries: readonly TreeEntry[], node: Node): Effect[] {
  return entries.map(({ hash }) => {
    const block = node.chain.blockOf(hash);
    if (block === undefined) throw new Error(`the body of secret block ${hash} is missing`);
    return { type: "gossip", message: announce(block) };
  });
}
