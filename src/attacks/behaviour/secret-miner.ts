/** What an attacker's miners search: blocks above a parent of its choice, or the honest node's. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { Now } from "../../machine/now.ts";
import { makeTemplate, type Selection } from "../../mempool/template.ts";
import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import type { Satoshi } from "../../primitives/brand.ts";

/** A template lives so long, because its time must stay near the clock. */
const templateRenewalMs = 1_000;

/** A block with nothing but its coinbase. */
export const emptySelection: Selection = { transactions: [], fees: 0 as Satoshi };

export class SecretMiner {
  readonly #payTo: Uint8Array;
  /** What the honest node would mine. */
  #honestMine: Effect = { type: "mine", template: undefined };
  /** Above what the miners search; at first they follow the honest node's orders. */
  #parent: TreeEntry | "honest" = "honest";
  #renewAt = Infinity;
  #extraNonce = 0;

  /** @param payTo the script that gets the secret blocks' rewards. */
  constructor(payTo: Uint8Array) {
    this.#payTo = payTo;
  }

  /** Keeps the honest node's orders away from the miners. */
  withhold(effects: readonly Effect[]): readonly Effect[] {
    const last = effects.findLast(({ type }) => type === "mine");
    if (last === undefined) return effects;
    this.#honestMine = last;
    this.#renewAt = 0;
    return effects.filter(({ type }) => type !== "mine");
  }

  /** The order to mine above a parent, unless the miners have it and it is fresh. */
  mineOn(parent: TreeEntry, selection: Selection, node: Node, now: Now): Effect[] {
    if (this.#parent === parent && now.elapsed < this.#renewAt) return [];
    this.#parent = parent;
    this.#renewAt = now.elapsed + templateRenewalMs;
    const { params } = node;
    const extraNonce = ++this.#extraNonce;
    const content = { ...selection, payTo: this.#payTo };
    const template = makeTemplate({ ...content, params, parent, now: now.wall, extraNonce });
    return [{ type: "mine", template }];
  }

  /** The order to mine what the honest node would, unless the miners have it. */
  mineHonestly(now: Now): Effect[] {
    if (this.#parent === "honest" && now.elapsed < this.#renewAt) return [];
    this.#parent = "honest";
    this.#renewAt = Infinity;
    return [this.#honestMine];
  }
}
