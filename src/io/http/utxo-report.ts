/** The hash over all coins of one tip, worked out once for each tip that is asked for. */

import type { UtxoHashJson } from "../../contract/node-api.ts";
import { coinPrefix } from "../../chain/records.ts";
import { UtxoHasher } from "../../indexes/utxo-hash.ts";
import type { BlockHash } from "../../primitives/brand.ts";
import type { ServedNode } from "./served-node.ts";

type Report = { readonly tip: BlockHash; readonly answer: Promise<UtxoHashJson> };

export class UtxoReporter {
  readonly #served: Pick<ServedNode, "node" | "store">;
  #latest: Report | undefined;

  constructor(served: Pick<ServedNode, "node" | "store">) {
    this.#served = served;
  }

  report(): Promise<UtxoHashJson> {
    const tip = this.#served.node.chain.tip.hash;
    if (this.#latest?.tip === tip) return this.#latest.answer;
    const report = { tip, answer: this.#hash() };
    this.#latest = report;
    report.answer.catch(() => {
      if (this.#latest === report) this.#latest = undefined; // the next one tries again
    });
    return report.answer;
  }

  /** The scan keeps to the moment of its call, so the tip is read in the same breath. */
  async #hash(): Promise<UtxoHashJson> {
    const { height, hash } = this.#served.node.chain.tip;
    const records = this.#served.store.scan(coinPrefix);
    const hasher = new UtxoHasher();
    for await (const [key, record] of records) hasher.add(key, record);
    return { height, best_block: hash, ...hasher.finish() };
  }
}
