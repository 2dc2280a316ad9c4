/** What mempool.space's routes and its WebSocket show of a node. */

import type { DifficultyAdjustmentJson, MempoolInfoJson } from "../../../contract/mempool-space.ts";
import type { Node } from "../../../node/node.ts";
import { satoshisPerCoin } from "../../../primitives/amount.ts";
import type { ServedNode } from "../../queries/served-node.ts";
import { difficultyAdjustment } from "./difficulty-adjustment.ts";
import { ExtendedBlocks } from "./extended-blocks.ts";
import { WaitingOrder } from "./waiting-order.ts";

export class MempoolSpaceView {
  readonly node: Node;
  readonly extendedBlocks: ExtendedBlocks;
  readonly waitingOrder: WaitingOrder;

  readonly #clock: ServedNode["runner"]["clock"];

  constructor({ node, runner }: ServedNode) {
    this.node = node;
    this.#clock = runner.clock;
    this.extendedBlocks = new ExtendedBlocks(node);
    this.waitingOrder = new WaitingOrder(node);
  }

  difficultyAdjustment(): DifficultyAdjustmentJson {
    const { chain } = this.node;
    return difficultyAdjustment(chain.tip, {
      params: chain.params,
      now: this.#clock.read().wall,
      entryAt: (height) => chain.entryAt(height),
    });
  }

  mempoolInfo(): MempoolInfoJson {
    const { mempool } = this.node;
    return {
      loaded: true,
      size: mempool.count,
      bytes: mempool.virtualSizeBytes,
      total_fee: mempool.totalFees / satoshisPerCoin,
      mempoolminfee: mempool.feeRateMinPerKvb / satoshisPerCoin,
      minrelaytxfee: mempool.policy.feeRateMinPerKvb / satoshisPerCoin,
    };
  }
}
