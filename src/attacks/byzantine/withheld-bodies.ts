/** Withheld bodies: it shows headers of blocks that it mined, and seldom sends their bodies. */

import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import type { Random } from "../../primitives/random.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";

export class WithheldBodies implements Behaviour {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  filter(effects: readonly Effect[], _node: Node): readonly Effect[] {
    return effects.flatMap((effect) => this.#withhold(effect));
  }

  #withhold(effect: Effect): readonly Effect[] {
    if (effect.type === "gossip" && effect.message.type === "block") {
      const { header } = effect.message.block;
      return [{ ...effect, message: { type: "header", header, announcer: 0 } }];
    }
    if (effect.type === "respond" && effect.response.type === "blocks") {
      const empty: Effect = { ...effect, response: { type: "blocks", blocks: [] } };
      return this.#random.pick([[], [empty], [effect]]);
    }
    return [effect];
  }
}
