/** The hash over all coins of one tip, worked out once for each tip that is asked for. */

import { coinPrefix } from "../../chain/records.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import { UtxoHasher, type UtxoSummary } from "../../chain/utxo-hash.ts";
import type { ServedNode } from "./served-node.ts";

export type UtxoReport = UtxoSummary & { readonly tip: TreeEntry };

type Attempt = { readonly tip: TreeEntry; readonly answer: Promise<UtxoReport> };

export class UtxoReporter {
  readonly #served: Pick<ServedNode, "node" | "store">;
  #latest: Attempt | undefined;

  constructor(served: Pick<ServedNode, "node" | "store">) {
    this.#served = served;
  }

  report(): Promise<UtxoReport> {
    const { tip } = this.#served.node.chain;
    if (this.#latest?.tip === tip) return this.#latest.answer;
    const attempt = { tip, answer: this.#hash(tip) };
    this.#latest = attempt;
    attempt.answer.catch(() => {
      if (this.#latest === attempt) this.#latest = undefined; // the next one tries again
    });
    return attempt.answer;
  }

  /** The scan keeps to the moment of its call, and no tip can move before that. */
  async #hash(tip: TreeEntry): Promise<UtxoReport> {
    const records = this.#served.store.scan(coinPrefix);
    const hasher = new UtxoHasher();
    for await (const [key, record] of records) hasher.add(key, record);
    return { tip, ...hasher.finish() };
  }
}
