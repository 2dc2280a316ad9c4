/** What mempool.space's routes and its WebSocket show of a node. */

import type { DifficultyAdjustmentJson, MempoolInfoJson } from "../../../contract/mempool-space.ts";
import type { Node } from "../../../node/node.ts";
import { satoshisPerCoin } from "../../../primitives/amount.ts";
import { readClocks } from "../../platform/clocks.ts";
import { difficultyAdjustment } from "./difficulty-adjustment.ts";
import { ExtendedBlocks } from "./extended-blocks.ts";
import { WaitingOrder } from "./waiting-order.ts";

export class MempoolSpaceView {
  readonly node: Node;
  readonly extendedBlocks: ExtendedBlocks;
  readonly waitingOrder: WaitingOrder;

  constructor(node: Node) {
    this.node = node;
    this.extendedBlocks = new ExtendedBlocks(node);
    this.waitingOrder = new WaitingOrder(node);
  }

  difficultyAdjustment(): DifficultyAdjustmentJson {
    const { chain } = this.node;
    return difficultyAdjustment(chain.tip, {
      params: chain.params,
      now: readClocks().wall,
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
