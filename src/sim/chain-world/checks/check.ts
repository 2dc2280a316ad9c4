/** What the checks of the chain look at: one node with its chain, its mempool and its disk. */

import type { Chain } from "../../../chain/chain.ts";
import type { Effect } from "../../../node/effect.ts";
import type { Node } from "../../../node/node.ts";
import type { PeerId } from "../../../primitives/brand.ts";
import type { Check, EffectCheck, StepCheck } from "../../engine/check.ts";
import type { MemoryStore } from "../../engine/memory-store.ts";

/** A node as checks see it. */
export type Subject = {
  readonly name: PeerId;
  readonly chain: Pick<Chain, "params" | "tree" | "tip" | "entryAt" | "blockOf" | "spentBy">;
  readonly store: Pick<MemoryStore, "get" | "commit" | "scan" | "durable">;
  readonly node: Pick<Node, "mempool" | "nextBlockView">;
};

export type ChainStepCheck = StepCheck<Subject>;
export type ChainEffectCheck = EffectCheck<Subject, Effect>;
export type ChainCheck = Check<Subject, Effect>;
