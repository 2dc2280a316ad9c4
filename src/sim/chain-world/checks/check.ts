/** What must always hold, as something that looks at one node after it has handled an event. */

import type { Chain } from "../../../chain/chain.ts";
import type { Effect } from "../../../node/effect.ts";
import type { Node } from "../../../node/node.ts";
import type { PeerId } from "../../../primitives/brand.ts";
import type { MemoryStore } from "../../engine/memory-store.ts";

/** A node as checks see it. */
export type Subject = {
  readonly name: PeerId;
  readonly chain: Pick<Chain, "params" | "tree" | "tip" | "entryAt" | "blockOf" | "spentBy">;
  readonly store: Pick<MemoryStore, "get" | "commit" | "scan" | "durable">;
  readonly node: Pick<Node, "mempool" | "nextBlockView">;
};

export interface Check {
  readonly name: string;
  /** It is asked after every so many steps of the world: dear checks less often. */
  readonly everySteps: number;
  /** What is wrong, or undefined. */
  findViolation(subject: Subject): string | undefined;
  /** What is wrong with an effect of an honest node that is to be carried out now, or undefined. */
  findBreach?(subject: Subject, effect: Effect): string | undefined;
}
