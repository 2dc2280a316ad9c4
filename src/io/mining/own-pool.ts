/** A pool of mining threads for one node alone, which begins to exist when the node first mines. */

import type { HasherName } from "../../primitives/hashing.ts";
import { chooseHasher } from "../hashing/hasher-choice.ts";
import {
  MinerPool,
  type MinerPoolOptions,
  type MinerStatistics,
  type MiningJob,
} from "./miner-pool.ts";

/** The part of a pool that a node and its API use; its owner makes it and stops it. */
export type SharedPool = Pick<
  MinerPool,
  "work" | "rest" | "setHashrate" | "statistics" | "hasher" | "threads"
>;

export class OwnPool implements SharedPool {
  /** Chosen already, because it is shown before anything is mined. */
  readonly hasher: HasherName;
  readonly threads: number;
  readonly #options: MinerPoolOptions;
  readonly #budgets = new Map<string, number | undefined>();
  #pool: MinerPool | undefined;

  constructor(options: MinerPoolOptions) {
    const { name, warnings } = chooseHasher(options.hasher);
    for (const warning of warnings) options.onError?.(new Error(warning));
    this.hasher = name;
    this.threads = options.threads;
    this.#options = { ...options, hasher: name };
  }

  work(job: MiningJob): void {
    this.#pool ??= this.#begin();
    this.#pool.work(job);
  }

  rest(miner: string): void {
    this.#pool?.rest(miner);
  }

  /** @throws RangeError if the budget is not a finite number from 0, at the latest by `work`. */
  setHashrate(miner: string, hashesPerSecond: number | undefined): void {
    this.#budgets.set(miner, hashesPerSecond);
    this.#pool?.setHashrate(miner, hashesPerSecond);
  }

  statistics(): MinerStatistics[] {
    if (this.#pool) return this.#pool.statistics();
    return Array.from(this.#budgets, ([miner, hashesPerSecondMax]) => {
      return { miner, hashesPerSecond: 0, hashes: 0, hashesPerSecondMax };
    });
  }

  async stop(): Promise<void> {
    await this.#pool?.stop();
  }

  #begin(): MinerPool {
    const pool = new MinerPool(this.#options);
    for (const [miner, budget] of this.#budgets) pool.setHashrate(miner, budget);
    return pool;
  }
}
