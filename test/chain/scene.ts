/** A chain over a store in memory, with short words for what tests do to it. */

import { type Acceptance, Chain } from "../../src/chain/chain.ts";
import { lookupIndex } from "../../src/indexes/lookup-index.ts";
import { branchTips, type TipStatus } from "../../src/indexes/tips.ts";
import type { Block } from "../../src/primitives/block.ts";
import type { BlockHash, Milliseconds } from "../../src/primitives/brand.ts";
import { MemoryStore } from "../../src/sim/engine/memory-store.ts";
import { trustingVerifier } from "../builders.ts";
import type { Forest } from "./forest.ts";
import { utxoSummary } from "./utxo-summary.ts";

/** Later than every block of a test. */
export const now = 1_700_000_000_000 as Milliseconds;

export class Scene {
  readonly forest: Forest;
  readonly store = new MemoryStore();
  chain: Chain;

  constructor(forest: Forest, ...names: string[]) {
    this.forest = forest;
    this.chain = this.#open();
    this.receives(...names);
  }

  /** What became of each block: a status, or the rule it broke. */
  receives(...names: string[]): string[] {
    return names.map((name) => this.judges(this.forest.block(name)));
  }

  judges(block: Block): string {
    return wordOf(this.accepts(block));
  }

  accepts(block: Block): Acceptance {
    return this.chain.accept(block, now);
  }

  /** The name of the last header, or the rule that they broke. */
  receivesHeaders(...names: string[]): string {
    const verdict = this.chain.acceptHeaders(this.forest.headers(...names), now);
    return verdict.ok ? this.forest.nameOf(verdict.value.hash) : verdict.problem.rule;
  }

  get tip(): string {
    return this.forest.nameOf(this.chain.tip.hash);
  }

  /** The ends of all branches. */
  get tips(): Readonly<Record<string, TipStatus>> {
    return Object.fromEntries(
      branchTips(this.chain).map(({ hash, status }) => [this.forest.nameOf(hash), status]),
    );
  }

  get coinsHash(): string {
    return utxoSummary(this.store).hash;
  }

  names(blocks: readonly { readonly hash: BlockHash }[]): string[] {
    return blocks.map(({ hash }) => this.forest.nameOf(hash));
  }

  /** A new chain from what the store has. */
  restarts(): this {
    this.chain = this.#open();
    return this;
  }

  #open(): Chain {
    const { params } = this.forest;
    const { store } = this;
    return new Chain({
      params,
      store,
      verifier: trustingVerifier,
      companions: [lookupIndex],
    });
  }
}

export function wordOf(acceptance: Acceptance): string {
  return acceptance.status === "rejected" ? acceptance.problem.rule : acceptance.status;
}
