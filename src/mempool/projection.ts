/** The blocks that the waiting transactions would fill, if they were mined one after the other. */

import { weightMax } from "../consensus/limits.ts";
import type { Satoshi } from "../primitives/brand.ts";
import { ancestorsOf, inOrder, type MempoolEntry } from "./entry.ts";
import { coinbaseWeightMax, Offers } from "./template.ts";

export type Projected = {
  readonly entry: MempoolEntry;
  /** Of the package with which it is chosen, in satoshis a virtual byte. */
  readonly feeRate: number;
};

export type ProjectedBlock = {
  /** In the order in which a miner would choose them: fee rates never rise. */
  readonly transactions: readonly Projected[];
  readonly virtualSizeBytes: number;
  readonly fees: Satoshi;
};

/**
 * Packages are put into blocks by fee rate, as a miner chooses them; what does not fit begins the
 * next block.
 *
 * @param countMax the last of so many blocks holds all that is left, and may be too large.
 * @see mempool.space, GET /v1/fees/mempool-blocks
 */
export function projectBlocks(entries: Iterable<MempoolEntry>, countMax: number): ProjectedBlock[] {
  const blocks: Projected[][] = [];
  let roomWeight = 0;
  for (const choice of choices(entries)) {
    const weight = choice.reduce((sum, { entry }) => sum + entry.weight, 0);
    if (weight > roomWeight && blocks.length < countMax) {
      blocks.push([]);
      roomWeight = weightMax - coinbaseWeightMax;
    }
    roomWeight -= weight;
    blocks.at(-1)?.push(...choice);
  }
  return blocks.map((transactions) => ({
    transactions,
    virtualSizeBytes: transactions.reduce((sum, { entry }) => sum + entry.virtualSizeBytes, 0),
    fees: transactions.reduce((sum, { entry }) => sum + entry.fee, 0) as Satoshi,
  }));
}

/** One transaction with all that it still needs at a time, the best fee rate first. */
function* choices(entries: Iterable<MempoolEntry>): Generator<readonly Projected[]> {
  const offers = new Offers(entries);
  const chosen = new Set<MempoolEntry>();
  for (let entry = offers.take(); entry !== undefined; entry = offers.take()) {
    const needed = inOrder(ancestorsOf([entry])).filter((each) => !chosen.has(each));
    const fees = needed.reduce((sum, { fee }) => sum + fee, 0);
    const sizeBytes = needed.reduce((sum, { virtualSizeBytes }) => sum + virtualSizeBytes, 0);
    for (const each of needed) chosen.add(each);
    offers.withdraw(needed);
    yield needed.map((each) => ({ entry: each, feeRate: fees / sizeBytes }));
  }
}
