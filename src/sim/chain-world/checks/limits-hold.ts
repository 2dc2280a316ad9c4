/**
 * What peers can fill stays within its limit: orphans, waiting transactions, headers without
 * bodies.
 */

import type { TreeEntry } from "../../../chain/tree.ts";
import type { ChainStepCheck, Subject } from "./check.ts";

type Seen = {
  readonly size: number;
  readonly work: bigint;
  readonly leaves: ReadonlySet<TreeEntry>;
};

export class LimitsHold implements ChainStepCheck {
  readonly name = "limits hold";
  readonly everySteps = 1;
  /** Each chain's tree as it was; a node that starts again has a new one. */
  readonly #seen = new WeakMap<Subject["chain"], Seen>();

  findViolation(subject: Subject): string | undefined {
    const { mempool } = subject.node;
    const { orphansMax, virtualSizeBytesMax } = mempool.policy;
    if (mempool.orphanCount > orphansMax) {
      return `${mempool.orphanCount} orphans where ${orphansMax} may be`;
    }
    if (mempool.virtualSizeBytes > virtualSizeBytesMax) {
      return `${mempool.virtualSizeBytes} bytes wait where ${virtualSizeBytesMax} may`;
    }
    return this.#findCheapHeader(subject);
  }

  /** Headers of less work than the tip cost those who send them nothing. */
  #findCheapHeader({ chain }: Subject): string | undefined {
    const before = this.#seen.get(chain);
    const { size } = chain.tree;
    const hasGrown = before?.size !== size;
    const leaves = hasGrown ? new Set(chain.tree.leaves()) : before.leaves;
    this.#seen.set(chain, { size, work: chain.tip.work, leaves });
    if (before === undefined || !hasGrown) return undefined;
    for (const leaf of leaves) {
      if (leaf.hasBody || leaf.isInvalid || before.leaves.has(leaf)) continue;
      if (leaf.work < before.work) return `header ${leaf.hash} is kept, and has too little work`;
    }
    return undefined;
  }
}
