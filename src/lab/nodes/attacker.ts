/** A node of a lab that attacks: its orders, and the state that it reports. */

import { DoubleSpend, type DoubleSpendState } from "../../attacks/double-spend/behaviour.ts";
import type { DoubleSpendRace } from "../../attacks/double-spend/theory.ts";
import { SelfishMining, type SelfishState } from "../../attacks/selfish-mining/behaviour.ts";
import type { Stubbornness } from "../../attacks/selfish-mining/terms.ts";
import type { Node } from "../../node/node.ts";
import type { BlockHash, Satoshi, Txid } from "../../primitives/brand.ts";
import { hexToBytes } from "../../primitives/bytes.ts";
import { decodeTransaction } from "../../primitives/transaction.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { decoded } from "./trusted-data.ts";

/** Bytes are hex, so that it can be sent to another process as it is. */
export type AttackOrder = DoubleSpendOrder | SelfishMiningOrder;

export type DoubleSpendOrder = Omit<DoubleSpendRace, "share"> & {
  readonly type: "double-spend";
  readonly payment: Txid;
  readonly conflict: string;
  readonly conflictFee: Satoshi;
  readonly payTo: string;
};

export type SelfishMiningOrder = {
  readonly type: "selfish-mining";
  readonly payTo: string;
  readonly stubborn?: Stubbornness;
};

export type AttackState =
  | ({ readonly type: "double-spend" } & DoubleSpendState)
  | ({ readonly type: "selfish-mining" } & SelfishState);

/** The caller should wake the node after making it or changing its orders. */
export class Attacker {
  readonly behaviour: DoubleSpend | SelfishMining;

  constructor(order: AttackOrder, node: Node) {
    this.behaviour = behaviourOf(order, node);
  }

  get state(): AttackState {
    const { behaviour } = this;
    return behaviour instanceof DoubleSpend
      ? { type: "double-spend", ...behaviour.state }
      : { type: "selfish-mining", ...behaviour.state };
  }

  isSecret(hash: BlockHash): boolean {
    return this.behaviour.isSecret(hash);
  }

  noteDelivery(): void {
    if (this.behaviour instanceof DoubleSpend) this.behaviour.noteDelivery();
  }

  end(): void {
    this.behaviour.end();
  }
}

function behaviourOf(order: AttackOrder, node: Node): Attacker["behaviour"] {
  const payTo = decoded(hexToBytes(order.payTo));
  switch (order.type) {
    case "double-spend": {
      const conflict = decoded(decodeTransaction(decoded(hexToBytes(order.conflict))));
      return new DoubleSpend({ ...order, node, payTo, conflict, awaitsDelivery: true });
    }
    case "selfish-mining":
      return new SelfishMining({ ...order, node, payTo });
    default:
      return unreachable(order);
  }
}
