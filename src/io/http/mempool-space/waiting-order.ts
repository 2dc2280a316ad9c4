/** In which of the next blocks waiting transactions would be; worked out again when the mempool changes. */

import type {
  PositionJson,
  ProjectedBlockJson,
  RecommendedFeesJson,
  RelativeJson,
  RelativesJson,
} from "../../../contract/mempool-space.ts";
import { ancestorsOf, descendantsOf, inOrder, type MempoolEntry } from "../../../mempool/entry.ts";
import { projectBlocks, type ProjectedBlock } from "../../../mempool/projection.ts";
import type { Node } from "../../../node/node.ts";
import type { Elapsed, Txid } from "../../../primitives/brand.ts";
import { totalSizeOf } from "../../../primitives/transaction.ts";
import { readClocks } from "../../platform/clocks.ts";
import { feeRangeOf, medianOf, recommendedFees } from "./fee-figures.ts";

/** @see mempool.space, MEMPOOL_BLOCKS_AMOUNT */
const blocksMax = 8;
/** To order so many takes longer than a request may keep the node waiting each time. */
const manyEntries = 2_000;
/** So old an order of many may be. */
const ageOfManyMaxMs = 1_000;

type Place = PositionJson["position"] & { readonly feeRate: number };

type Order = {
  readonly revision: number;
  readonly madeAt: Elapsed;
  readonly blocks: readonly ProjectedBlockJson[];
  readonly places: ReadonlyMap<Txid, Place>;
};

export class WaitingOrder {
  readonly #mempool: Node["mempool"];
  #order: Order | undefined;

  constructor({ mempool }: Pick<Node, "mempool">) {
    this.#mempool = mempool;
  }

  get blocks(): readonly ProjectedBlockJson[] {
    return this.#current().blocks;
  }

  get fees(): RecommendedFeesJson {
    return recommendedFees(this.blocks, this.#mempool.feeRateMinPerKvb / 1000);
  }

  /** Undefined if it does not wait. */
  positionOf(txid: Txid): PositionJson | undefined {
    const place = this.#current().places.get(txid);
    return place && { txid, position: { block: place.block, vsize: place.vsize } };
  }

  /** What else waits and needs a transaction, or is needed by it. */
  relativesOf(txid: Txid): RelativesJson {
    const entry = this.#mempool.get(txid);
    const place = this.#current().places.get(txid);
    if (entry === undefined || place === undefined) return { ancestors: [] };
    return {
      ancestors: relativesJson(ancestorsOf(entry.parents)),
      bestDescendant: null,
      descendants: relativesJson(descendantsOf(entry.children)),
      effectiveFeePerVsize: place.feeRate,
      sigops: 0,
      fee: entry.fee,
      adjustedVsize: entry.virtualSizeBytes,
    };
  }

  #current(): Order {
    const { revision } = this.#mempool;
    const { elapsed: now } = readClocks();
    if (this.#order && this.#isGood(this.#order, now)) return this.#order;
    const projected = projectBlocks(this.#mempool.entries(), blocksMax);
    const blocks = projected.map(projectedBlockJson);
    this.#order = { revision, madeAt: now, blocks, places: placesIn(projected) };
    return this.#order;
  }

  #isGood({ revision, madeAt }: Order, now: Elapsed): boolean {
    const { revision: current, count } = this.#mempool;
    return revision === current || (count > manyEntries && now - madeAt < ageOfManyMaxMs);
  }
}

function relativesJson(entries: Iterable<MempoolEntry>): RelativeJson[] {
  return inOrder(entries).map(({ txid, fee, weight }) => ({ txid, fee, weight }));
}

function projectedBlockJson({ transactions, fees, virtualSizeBytes }: ProjectedBlock) {
  const rated = transactions.map(({ entry, feeRate }) => {
    return { feeRate, virtualSizeBytes: entry.virtualSizeBytes };
  });
  const feeRange = feeRangeOf(rated);
  return {
    blockSize: transactions.reduce((sum, { entry }) => sum + totalSizeOf(entry.transaction), 0),
    blockVSize: virtualSizeBytes,
    nTx: transactions.length,
    totalFees: fees,
    medianFee: medianOf(feeRange),
    feeRange,
  };
}

function placesIn(blocks: readonly ProjectedBlock[]): Map<Txid, Place> {
  const places = new Map<Txid, Place>();
  for (const [block, { transactions }] of blocks.entries()) {
    let sizeBytes = 0;
    for (const { entry, feeRate } of transactions) {
      const vsize = sizeBytes + entry.virtualSizeBytes / 2;
      places.set(entry.txid, { block, vsize, feeRate });
      sizeBytes += entry.virtualSizeBytes;
    }
  }
  return places;
}
