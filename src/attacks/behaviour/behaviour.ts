/** An attacker: an honest node, and a filter over what it wants done. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { Filter } from "../../machine/filter.ts";
import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import { announce } from "../../peers/message.ts";

/** Decides what is really done of an honest node's effects. */
export type Behaviour = Filter<Node, Effect>;

/** Publishes blocks that the node kept secret, in this order. */
export function publish(entries: readonly TreeEntry[], node: Node): Effect[] {
  return entries.map(({ hash }) => {
    const block = node.chain.blockOf(hash);
    if (block === undefined) throw new Error(`the body of secret block ${hash} is missing`);
    return { type: "gossip", message: announce(block) };
  });
}
