/** Orphan floods: transactions and blocks whose parents are never sent. */

import type { Now } from "../../machine/now.ts";
import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import type { Satoshi, Txid } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import { payToTaproot } from "../../primitives/script.ts";
import type { Transaction } from "../../primitives/transaction.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";
import { ancestorOf, forgeBlock, forgeHeader, randomHash } from "./forge.ts";

const intervalMs = 5_000;
const orphansPerBatch = 40;

export class OrphanFlood implements Behaviour {
  readonly #random: Random;
  #nextAt = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  filter(effects: readonly Effect[], node: Node, now: Now): readonly Effect[] {
    if (now.elapsed < this.#nextAt) return effects;
    this.#nextAt = now.elapsed + intervalMs;
    const transactions = Array.from({ length: orphansPerBatch }, () => this.#orphan());
    const block = this.#orphanBlock(node, now);
    return [
      ...effects,
      { type: "gossip", message: { type: "transactions", transactions } },
      { type: "gossip", message: { type: "block", block } },
    ];
  }

  #orphan(): Transaction {
    const previous = { txid: randomHash(this.#random) as string as Txid, index: 0 };
    const witness = [new Uint8Array(64)];
    const inputs = [{ previous, scriptSig: new Uint8Array(), sequence: 0xffff_ffff, witness }];
    const script = payToTaproot(this.#random.nextBytes(32));
    const outputs = [{ value: 10_000 as Satoshi, script }];
    return { version: 2, inputs, outputs, lockTime: 0 };
  }

  /** Its parent is a header that is never sent. */
  #orphanBlock(node: Node, now: Now) {
    const { tip } = node.chain;
    const parent = ancestorOf(forgeHeader(node, tip, this.#random), tip);
    return forgeBlock(node, parent, [], now.wall, this.#random.nextUint32());
  }
}
