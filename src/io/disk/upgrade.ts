/**
 * Brings a store of format 1 up to date where it stands. Each step is a batch, and a step that was
 * done is seen in the store: after a kill the next start goes on from there.
 */

import { Chain } from "../../chain/chain.ts";
import { WrongChainError } from "../../chain/log.ts";
import { getWhole, putInPieces } from "../../chain/pieces.ts";
import {
  blockKey,
  chainKey,
  decodeBlockRecord,
  decodeChainRecord,
  decodeHeaderRecord,
  encodeHeaderRecord,
  headerKey,
  undoKey,
} from "../../chain/records.ts";
import type { Params } from "../../consensus/params.ts";
import { readIndexState } from "../../indexes/index-state.ts";
import { lookupIndex } from "../../indexes/lookup-index.ts";
import type { Key, Write } from "../../machine/store.ts";
import { measuresOfBlock } from "../../primitives/block.ts";
import type { BlockHash } from "../../primitives/brand.ts";
import { blockHash } from "../../primitives/header.ts";
import { formatNumber, formatOf, formerChainOf, renumberWrites } from "./format.ts";
import type { LevelStore } from "./level-store.ts";

/** Steps of the upgrade: headers first, then blocks into the index. */
export type UpgradeProgress = { readonly done: number; readonly total: number };

export type UpgradeOptions = {
  readonly params: Params;
  readonly onProgress: (progress: UpgradeProgress) => void;
  /** Ends it after the batch that is being written. */
  readonly signal?: AbortSignal | undefined;
};

/** The upgrade was interrupted; the next start goes on with it. */
export class UpgradeInterruptedError extends Error {
  constructor(folder: string) {
    super(
      `The folder ${folder} is not yet brought up to date as a whole: the next start goes on ` +
        "from here, and nothing is lost.",
    );
    this.name = "UpgradeInterruptedError";
  }
}

/** Says which part is under way; it is there while the upgrade is. */
const stageKey: Key = "upgrade";
const stages = { former: 0, measures: 1, index: 2 } as const;

/** The records of format 1 that format 2 does not have, or has with another content. */
const formerRooms = ["owned/", "history/", "totals/", "spender/", "transaction/"];
const deletesOfBatch = 20_000;
const batchSizeBytes = 4_000_000;
const transactionsOfBatch = 5_000;

export function needsUpgrade(store: LevelStore): boolean {
  return formatOf(store) === 1 || store.get(stageKey) !== undefined;
}

/**
 * @throws WrongChainError if the store holds another network's chain; it is not changed then.
 * @throws UpgradeInterruptedError
 */
export async function upgradeStore(
  store: LevelStore,
  folder: string,
  options: UpgradeOptions,
): Promise<void> {
  await new Upgrade(store, folder, options).run();
}

class Upgrade {
  readonly #store: LevelStore;
  readonly #folder: string;
  readonly #options: UpgradeOptions;
  #progress: { done: number; total: number } = { done: 0, total: 0 };

  constructor(store: LevelStore, folder: string, options: UpgradeOptions) {
    this.#store = store;
    this.#folder = folder;
    this.#options = options;
  }

  async run(): Promise<void> {
    if (formatOf(this.#store) !== formatNumber) await this.#begin();
    const record = this.#store.get(chainKey);
    if (record === undefined) throw new Error("the record of the chain is missing");
    const { headers } = decodeChainRecord(record);
    this.#progress.total = 2 * (headers - 1);
    this.#report(0);
    if (this.#stage === stages.former) await this.#deleteFormer();
    if (this.#stage === stages.measures) await this.#measure(headers);
    this.#report(headers - 1);
    await this.#buildIndex();
    await this.#write([{ type: "delete", key: stageKey }]);
    this.#report(this.#progress.total);
  }

  get #stage(): number | undefined {
    return this.#store.get(stageKey)?.[0];
  }

  async #begin(): Promise<void> {
    const chain = formerChainOf(this.#store);
    const { genesisHash } = this.#options.params;
    if (chain.genesis !== genesisHash) throw new WrongChainError(chain.genesis, genesisHash);
    await this.#write([...renumberWrites(chain), stageWrite(stages.former)]);
  }

  async #deleteFormer(): Promise<void> {
    for (const room of formerRooms) {
      let batch: Write[] = [];
      for await (const [key] of this.#store.scan(room)) {
        batch.push({ type: "delete", key });
        if (batch.length < deletesOfBatch) continue;
        await this.#write(batch);
        batch = [];
      }
      await this.#write(batch);
    }
    await this.#write([stageWrite(stages.measures)]);
  }

  /** Bodies and undo records in pieces, and the measures of bodies beside their headers. */
  async #measure(headers: number): Promise<void> {
    let batch: Write[] = [];
    let sizeBytes = 0;
    for (let position = 1; position < headers; position++) {
      const writes = this.#measureWrites(position);
      batch.push(...writes);
      for (const write of writes) sizeBytes += write.type === "put" ? write.value.length : 0;
      if (sizeBytes < batchSizeBytes) continue;
      await this.#write(batch);
      this.#report(position);
      [batch, sizeBytes] = [[], 0];
    }
    await this.#write([...batch, stageWrite(stages.index)]);
  }

  #measureWrites(position: number): Write[] {
    const key = headerKey(position);
    const record = decodeHeaderRecord(this.#recordAt(key));
    if (!record.hasBody || record.measures !== undefined) return [];
    const hash = blockHash(record.header);
    const bytes = getWhole(this.#store, blockKey(hash));
    if (bytes === undefined) throw new Error(`the body of ${hash} is missing`);
    const measures = measuresOfBlock(decodeBlockRecord(bytes));
    const undo = getWhole(this.#store, undoKey(hash));
    return [
      { type: "put", key, value: encodeHeaderRecord({ ...record, measures }) },
      ...putInPieces(blockKey(hash), bytes),
      ...(undo ? putInPieces(undoKey(hash), undo) : []),
    ];
  }

  /** From where the index ends to the tip. */
  async #buildIndex(): Promise<void> {
    const { params } = this.#options;
    const chain = new Chain({
      params,
      store: this.#store,
      verifier: { firstInvalid: () => undefined }, // nothing is verified here
      companions: [],
    });
    const begun = this.#progress.total / 2;
    for (let height = readIndexState(this.#store)?.height ?? 0; height < chain.tip.height;) {
      const layer = lookupIndex.follow(this.#store);
      let transactionCount = 0;
      while (transactionCount < transactionsOfBatch && height < chain.tip.height) {
        height += 1;
        const { hash } = entryAt(chain, height);
        const [block, spent] = [chain.blockOf(hash), chain.spentBy(hash)];
        if (!block || !spent) throw new Error(`the block ${hash} is not there as a whole`);
        layer.connect({ hash, height, block }, spent);
        transactionCount += block.transactions.length;
      }
      await this.#write(layer.writes());
      this.#report(begun + height);
    }
  }

  #recordAt(key: Key): Uint8Array {
    const record = this.#store.get(key);
    if (record === undefined) throw new Error(`the record ${key} is missing`);
    return record;
  }

  async #write(batch: readonly Write[]): Promise<void> {
    if (batch.length > 0) {
      this.#store.commit(batch);
      await this.#store.persist(batch);
    }
    if (this.#options.signal?.aborted) throw new UpgradeInterruptedError(this.#folder);
  }

  #report(done: number): void {
    this.#progress.done = Math.min(done, this.#progress.total);
    this.#options.onProgress({ ...this.#progress });
  }
}

function stageWrite(stage: number): Write {
  return { type: "put", key: stageKey, value: Uint8Array.of(stage) };
}

function entryAt(chain: Chain, height: number): { readonly hash: BlockHash } {
  const entry = chain.entryAt(height);
  if (entry === undefined) throw new RangeError(`no block at height ${height}`);
  return entry;
}
