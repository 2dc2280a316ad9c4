/** Whose turn it is on a mining thread: token buckets, served round robin. */

import type { MinerOrder } from "./miner-order.ts";
import { NonceWalk } from "./nonce-walk.ts";

/** What a miner may save up of its budget; one hash more is always kept. */
const burstSeconds = 0.1;
/**
 * A miner waits until it can hash for so long: a thread that woke for every single hash would spend
 * its time on waking.
 */
const turnSeconds = 0.01;

/** What a thread knows of one miner. */
export type ScheduledMiner = {
  readonly name: string;
  readonly hashes: BigInt64Array;
  hashesPerSecond: number | undefined;
  /** Hashes that the miner may spend now; of no meaning without a budget. */
  tokens: number;
  /** The search of the newest order. */
  searchNumber: number | undefined;
  /** Undefined while the miner is idle, and when its search has ended. */
  walk: NonceWalk | undefined;
};

/**
 * Each budget is a bucket of tokens that time refills. Miners whose bucket is ready come first, of
 * these the one that has waited longest; miners without a budget share what is left in the same
 * way.
 *
 * When the thread is too slow for all budgets, no bucket is refilled further once the first is
 * full, so that all miners lose the same share and their proportions stay exact.
 */
export class Schedule {
  readonly #thread: number;
  readonly #threads: number;
  /** The longest wait first: a miner that had its turn goes to the end. */
  readonly #miners = new Map<string, ScheduledMiner>();
  #refilledAtMs: number;

  constructor(thread: number, threads: number, nowMs: number) {
    this.#thread = thread;
    this.#threads = threads;
    this.#refilledAtMs = nowMs;
  }

  accept(order: MinerOrder): void {
    const miner = this.#miners.get(order.miner) ?? this.#addMiner(order);
    miner.hashesPerSecond = order.hashesPerSecond;
    if (order.search?.number === miner.searchNumber) return;
    miner.searchNumber = order.search?.number;
    miner.walk = order.search && new NonceWalk(order.search, this.#thread, this.#threads);
  }

  refill(nowMs: number): void {
    let seconds = (nowMs - this.#refilledAtMs) / 1000;
    this.#refilledAtMs = nowMs;
    for (const { walk, hashesPerSecond, tokens } of this.#miners.values()) {
      if (walk === undefined || !hashesPerSecond) continue;
      seconds = Math.min(seconds, (bucketSize(hashesPerSecond) - tokens) / hashesPerSecond);
    }
    seconds = Math.max(seconds, 0);
    for (const miner of this.#miners.values()) {
      const rate = miner.hashesPerSecond ?? 0;
      miner.tokens = Math.min(miner.tokens + seconds * rate, bucketSize(rate));
    }
  }

  /** The miner whose turn it is, or undefined if no miner has work and tokens. */
  next(): ScheduledMiner | undefined {
    const working = [...this.#miners.values()].filter((miner) => miner.walk !== undefined);
    const miner =
      working.find((each) => secondsUntilReady(each) <= 0) ??
      working.find((each) => each.hashesPerSecond === undefined);
    if (miner === undefined) return undefined;
    this.#miners.delete(miner.name);
    this.#miners.set(miner.name, miner);
    return miner;
  }

  /** The most hashes that the miner may try in its turn, when a chunk has `chunkHashes`. */
  allowance({ hashesPerSecond, tokens }: ScheduledMiner, chunkHashes: number): number {
    return hashesPerSecond === undefined ? chunkHashes : Math.min(chunkHashes, Math.floor(tokens));
  }

  spend(miner: ScheduledMiner, hashes: number): void {
    if (miner.hashesPerSecond !== undefined) miner.tokens -= hashes;
    Atomics.add(miner.hashes, 0, BigInt(hashes));
  }

  /** How long no miner will have a turn unless an order comes: infinite if none has work. */
  waitMs(): number {
    let seconds = Infinity;
    for (const miner of this.#miners.values()) {
      if (miner.walk !== undefined) seconds = Math.min(seconds, secondsUntilReady(miner));
    }
    return seconds * 1000;
  }

  #addMiner({ miner: name, hashesPerSecond, hashes }: MinerOrder): ScheduledMiner {
    const miner: ScheduledMiner = {
      name,
      hashes: new BigInt64Array(hashes),
      hashesPerSecond,
      tokens: 0,
      searchNumber: undefined,
      walk: undefined,
    };
    this.#miners.set(name, miner);
    return miner;
  }
}

function bucketSize(hashesPerSecond: number): number {
  return hashesPerSecond * burstSeconds + 1;
}

function secondsUntilReady({ hashesPerSecond, tokens }: ScheduledMiner): number {
  if (!hashesPerSecond) return Infinity;
  const turn = Math.max(1, hashesPerSecond * turnSeconds);
  return (turn - tokens) / hashesPerSecond;
}
