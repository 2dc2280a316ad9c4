/** Mutated blocks: other bodies under the hashes of valid blocks, so that these seem to be invalid. */

import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import { announce } from "../../peers/message.ts";
import type { Block } from "../../primitives/block.ts";
import type { Random } from "../../primitives/random.ts";
import type { Transaction } from "../../primitives/transaction.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";

export class MutatedBlocks implements Behaviour {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  filter(effects: readonly Effect[], _node: Node): readonly Effect[] {
    return effects.flatMap((effect) => this.#spoil(effect));
  }

  #spoil(effect: Effect): readonly Effect[] {
    if (effect.type === "respond" && effect.response.type === "blocks") {
      const blocks = effect.response.blocks.map((block) => this.#mutate(block));
      return [{ ...effect, response: { type: "blocks", blocks } }];
    }
    if (effect.type === "news" && effect.news.type === "block-accepted") {
      const { block } = effect.news;
      return [{ type: "gossip", message: announce(this.#mutate(block)) }, effect];
    }
    return [effect];
  }

  /** The hash stays: it covers neither witnesses nor how often the last transaction is there. */
  #mutate(block: Block): Block {
    const { transactions } = block;
    const last = transactions.at(-1);
    const isOdd = transactions.length % 2 === 1 && transactions.length > 1;
    if (last === undefined) return block;
    switch (this.#random.nextBelow(4)) {
      case 0:
        return { ...block, transactions: isOdd ? [...transactions, last] : withoutWitness(block) };
      case 1:
        return { ...block, transactions: withoutWitness(block) };
      case 2:
        return { ...block, transactions: [...transactions.slice(0, -1), spoilWitness(last)] };
      default:
        return { ...block, transactions: [...transactions, last] };
    }
  }
}

function withoutWitness({ transactions }: Block): readonly Transaction[] {
  return transactions.map((transaction) => {
    const inputs = transaction.inputs.map((input) => ({ ...input, witness: [] }));
    return { ...transaction, inputs };
  });
}

function spoilWitness(transaction: Transaction): Transaction {
  const inputs = transaction.inputs.map((input) => {
    const witness = input.witness.map((item) => item.map((byte) => byte ^ 1));
    return { ...input, witness };
  });
  return { ...transaction, inputs };
}
