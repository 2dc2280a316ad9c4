/** Equivocation: for each block it mines it shows some peers another block of the same height. */

import type { Now } from "../../machine/now.ts";
import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import { announce } from "../../peers/message.ts";
import type { Block } from "../../primitives/block.ts";
import type { Random } from "../../primitives/random.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";
import { FalseBranch } from "./false-branch.ts";
import { forgeBlock } from "./forge.ts";

export class Equivocation implements Behaviour {
  readonly #random: Random;
  #twin: FalseBranch | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  filter(effects: readonly Effect[], node: Node, now: Now): readonly Effect[] {
    return effects.flatMap((effect) => {
      if (effect.type === "respond" && this.#twin && this.#random.nextBelow(2) === 0) {
        return [{ ...effect, response: this.#twin.answer(effect.response) }];
      }
      if (effect.type !== "gossip" || effect.message.type !== "block") return [effect];
      const twin = this.#makeTwin(effect.message.block, node, now);
      if (twin === undefined) return [effect];
      const other: Effect = { ...effect, message: announce(twin) };
      return this.#random.nextBelow(2) === 0 ? [effect, other] : [other, effect];
    });
  }

  /** A block in the same place, without the payments of the first. */
  #makeTwin(block: Block, node: Node, now: Now): Block | undefined {
    const parent = node.chain.tree.get(block.header.previous);
    if (parent === undefined) return undefined;
    const twin = forgeBlock(node, parent, [], now.wall, this.#random.nextUint32());
    this.#twin = new FalseBranch(parent, [twin]);
    return twin;
  }
}
