/** The next block as miners outside get it, and when it is out of date. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { MempoolEntry } from "../../mempool/entry.ts";
import type { BlockTemplate } from "../../mempool/template.ts";
import type { News } from "../../node/news.ts";
import type { BlockHash, Elapsed, Satoshi } from "../../primitives/brand.ts";
import { payToTaproot } from "../../primitives/script.ts";
import { txidOf } from "../../primitives/transaction.ts";
import { selectionOf, templateOf } from "./generated-blocks.ts";
import type { ServedNode } from "./served-node.ts";

export type NextBlock = {
  readonly template: BlockTemplate;
  readonly parent: TreeEntry;
  /** Behind the coinbase. */
  readonly entries: readonly MempoolEntry[];
  /** Subsidy and fees. */
  readonly reward: Satoshi;
  /** The script for which the node mines, and which the coinbase pays; else its payee is made up. */
  readonly payTo: Uint8Array | undefined;
  /** Of the mempool that it was made of. */
  readonly revision: number;
  readonly madeAt: Elapsed;
};

/** What a miner has seen last. */
export type SeenState = { readonly tip: BlockHash; readonly revision: number };

/** @see Bitcoin Core, getblocktemplate: the same numbers */
const limits = {
  /** A template lives so long though other transactions wait. */
  renewalMs: 5_000,
  /** A poll does not end for new transactions before that… */
  pollMinMs: 60_000,
  /** …and then looks for them this often. */
  pollLookMs: 10_000,
  /** More polls than that are answered at once. */
  pollsMax: 100,
} as const;

type Served = Pick<ServedNode, "node" | "runner" | "name">;

export class NextBlocks {
  readonly #served: Served;
  #last: NextBlock | undefined;
  #polls = 0;

  constructor(served: Served) {
    this.#served = served;
  }

  /** The one that a miner got last; undefined if none has asked. */
  get last(): NextBlock | undefined {
    return this.#last;
  }

  current(): NextBlock {
    const { node, runner } = this.#served;
    const { elapsed } = runner.clock.read();
    const last = this.#last;
    if (last?.parent === node.chain.tip && last.payTo === node.payTo) {
      const isYoung = elapsed < last.madeAt + limits.renewalMs;
      if (last.revision === node.mempool.revision || isYoung) return last;
    }
    this.#last = this.#make();
    return this.#last;
  }

  #make(): NextBlock {
    const { node, runner } = this.#served;
    const { chain, mempool } = node;
    const selection = selectionOf(node);
    const payTo = node.payTo ?? payToTaproot(new Uint8Array(32));
    const template = templateOf(this.#served, selection, payTo);
    return {
      template,
      parent: chain.tip,
      entries: selection.transactions.map((each) => mempool.get(txidOf(each)) as MempoolEntry),
      reward: (template.block.transactions[0]?.outputs[0]?.value ?? 0) as Satoshi,
      payTo: node.payTo,
      revision: mempool.revision,
      madeAt: runner.clock.read().elapsed,
    };
  }

  /**
   * Resolves when the tip is another, or after a minute with other transactions.
   *
   * @param gone aborted when the caller has gone, which ends it, too.
   */
  async change({ tip, revision }: SeenState, gone: AbortSignal): Promise<void> {
    const { node, runner } = this.#served;
    if (gone.aborted || node.chain.tip.hash !== tip || this.#polls >= limits.pollsMax) return;
    const changed = Promise.withResolvers<void>();
    const end = runner.onNews(({ type }) => {
      if (movesTip(type)) changed.resolve();
    });
    let timer: NodeJS.Timeout | undefined;
    const look = (afterMs: number): void => {
      timer = setTimeout(() => {
        if (node.mempool.revision !== revision) changed.resolve();
        else look(limits.pollLookMs);
      }, afterMs).unref();
    };
    look(limits.pollMinMs);
    this.#polls += 1;
    const leave = (): void => changed.resolve();
    gone.addEventListener("abort", leave);
    try {
      await changed.promise;
    } finally {
      this.#polls -= 1;
      gone.removeEventListener("abort", leave);
      clearTimeout(timer);
      end();
    }
  }
}

function movesTip(type: News["type"]): boolean {
  return type === "tip-extended" || type === "reorganised";
}
