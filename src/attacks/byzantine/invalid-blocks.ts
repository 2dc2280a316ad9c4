/** Invalid blocks: whatever it mines breaks a rule, and sometimes valid blocks are built upon it. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { Ancestor } from "../../consensus/ancestor.ts";
import type { Now } from "../../machine/now.ts";
import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import { announce } from "../../peers/message.ts";
import type { Block } from "../../primitives/block.ts";
import type { Satoshi, Txid } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import { payToTaproot } from "../../primitives/script.ts";
import { type Transaction, txidOf } from "../../primitives/transaction.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";
import { FalseBranch } from "./false-branch.ts";
import { ancestorOf, forgeBlock, randomHash, seal } from "./forge.ts";

const violations = [
  "excess-reward",
  "immature-coinbase",
  "missing-coin",
  "missing-signature",
  "duplicate-transaction",
  "time-too-old",
  "time-too-new",
  "wrong-height",
] as const;

/** Blocks upon the bad one. */
const childrenMax = 3;

export class InvalidBlocks implements Behaviour {
  readonly #random: Random;
  #branch: FalseBranch | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  filter(effects: readonly Effect[], node: Node, now: Now): readonly Effect[] {
    return effects.map((effect) => {
      if (effect.type === "respond" && this.#branch) {
        return { ...effect, response: this.#branch.answer(effect.response) };
      }
      if (effect.type !== "gossip" || effect.message.type !== "block") return effect;
      return { ...effect, message: announce(this.#spoil(effect.message.block, node, now)) };
    });
  }

  /** Answers the end of an invalid branch, in place of a valid block. */
  #spoil(block: Block, node: Node, now: Now): Block {
    const parent = node.chain.tree.get(block.header.previous);
    if (parent === undefined) return block;
    let last = this.#break(block, parent, node, now);
    let below: Ancestor = parent;
    const blocks = [last];
    const count = this.#random.nextBelow(childrenMax + 1);
    for (let i = 0; i < count; i++) {
      below = ancestorOf(last.header, below);
      last = forgeBlock(node, below, [], now.wall, this.#random.nextUint32());
      blocks.push(last);
    }
    this.#branch = new FalseBranch(parent, blocks);
    return last;
  }

  #break(block: Block, parent: TreeEntry, node: Node, now: Now): Block {
    const payments = block.transactions.slice(1);
    const forge = (transactions: readonly Transaction[]) => {
      return forgeBlock(node, parent, transactions, now.wall, this.#random.nextUint32());
    };
    const [payment] = payments;
    switch (this.#random.pick(violations)) {
      case "excess-reward":
        return withExcessReward(block);
      case "immature-coinbase": {
        const coinbase = node.chain.blockOf(parent.hash)?.transactions[0];
        return forge(coinbase ? [forgedSpend(txidOf(coinbase))] : payments.slice(1));
      }
      case "missing-coin":
        return forge([...payments, forgedSpend(randomHash(this.#random) as string as Txid)]);
      case "missing-signature":
        return payment ? forge([unsigned(payment), ...payments.slice(1)]) : withExcessReward(block);
      case "duplicate-transaction":
        return payment ? forge([payment, payment]) : withExcessReward(block);
      case "time-too-old":
        return seal({ ...block, header: { ...block.header, time: parent.medianTime } });
      case "time-too-new": {
        const time = block.header.time + 2 * node.params.futureTimeMaxSeconds + 60;
        return seal({ ...block, header: { ...block.header, time } });
      }
      case "wrong-height":
        return seal(
          withCoinbase(block, ({ inputs, ...rest }) => {
            const scriptSig = Uint8Array.of(0, 0, 0, 0);
            return { ...rest, inputs: inputs.map((input) => ({ ...input, scriptSig })) };
          }),
        );
    }
  }
}

/** One satoshi more than there is. */
function withExcessReward(block: Block): Block {
  const spoilt = withCoinbase(block, ({ outputs, ...rest }) => {
    const [first, ...others] = outputs;
    const more = first ? [{ ...first, value: (first.value + 1) as Satoshi }] : [];
    return { ...rest, outputs: [...more, ...others] };
  });
  return seal(spoilt);
}

function withCoinbase(block: Block, change: (coinbase: Transaction) => Transaction): Block {
  const [coinbase, ...others] = block.transactions;
  return coinbase ? { ...block, transactions: [change(coinbase), ...others] } : block;
}

const noSignature = new Uint8Array(64);

/** Spends a coin that is not there, or not yet. */
function forgedSpend(txid: Txid): Transaction {
  const previous = { txid, index: 0 };
  const input = { previous, scriptSig: new Uint8Array(), sequence: 0xffff_ffff };
  const output = { value: 1_000 as Satoshi, script: payToTaproot(new Uint8Array(32)) };
  const inputs = [{ ...input, witness: [noSignature] }];
  return { version: 2, inputs, outputs: [output], lockTime: 0 };
}

function unsigned(payment: Transaction): Transaction {
  const inputs = payment.inputs.map((input) => ({ ...input, witness: [noSignature] }));
  return { ...payment, inputs };
}
