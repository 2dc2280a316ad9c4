/** A pool of threads that mines for several miners at once, each with its own budget of hashes. */

import type { Worker } from "node:worker_threads";
import type { HasherName } from "../../primitives/hashing.ts";
import { checkSizes, nonceCount } from "../hashing/hasher.ts";
import { chooseHasher } from "../hashing/hasher-choice.ts";
import { spawnWorker } from "../threads/worker.ts";
import type { MinerOrder, MinerThread, NonceFound } from "./miner-order.ts";
import type { NonceSearch } from "./nonce-walk.ts";

export type MiningJob = {
  readonly miner: string;
  /** Comes back with the solution. */
  readonly template: string;
  /** 80 bytes; the nonce is ignored. */
  readonly header: Uint8Array;
  /** 32 bytes, big-endian. */
  readonly target: Uint8Array;
  /** When the nonces run out, the header's time is raised up to this, in seconds since 1970. */
  readonly timeMaxSeconds: number;
  /** About where the search begins; anywhere if it is missing. */
  readonly firstNonce?: number;
};

export type SolvedHeader = {
  readonly miner: string;
  readonly template: string;
  readonly header: Uint8Array;
};

export type MinerPoolOptions = {
  readonly threads: number;
  /** Undefined for what POWLAB_HASHER names, or else the fastest that proves itself. */
  readonly hasher?: HasherName;
  readonly onSolved: (solved: SolvedHeader) => void;
  /**
   * Called for each hasher that cannot be used, and each thread that died; another takes its place.
   */
  readonly onError?: (error: Error) => void;
  /** Makes the nonces at which searches begin repeatable. */
  readonly seed?: number;
};

export type MinerStatistics = {
  readonly miner: string;
  /** As observed in the last seconds. */
  readonly hashesPerSecond: number;
  /** Since the miner is known. */
  readonly hashes: number;
  /** Undefined for all it can get. */
  readonly hashesPerSecondMax: number | undefined;
};

export const threadsMax = 256;
export const minersMax = 1_024;

/** A thread that dies at once must not keep a processor busy with its successors. */
const respawnDelayMs = 250;
const sampleIntervalMs = 500;
const samplesMax = 6;

type Sample = { readonly atMs: number; readonly hashes: number };

type Miner = {
  readonly name: string;
  /** One number that all threads add to. */
  readonly hashes: BigInt64Array<SharedArrayBuffer>;
  hashesPerSecondMax: number | undefined;
  /** Undefined while the miner is idle. */
  job: { readonly template: string; readonly search: NonceSearch } | undefined;
  /** The oldest first. */
  readonly samples: Sample[];
};

/**
 * Threads get their orders as messages. A counter that they share with the pool is raised after
 * each message: they compare it between two chunks of about 2 ms, and sleep on it while no miner
 * has work. So a new job is begun at once, and no thread hashes on for a job that was replaced.
 */
export class MinerPool {
  /** What all threads search with. */
  readonly hasher: HasherName;
  readonly threads: number;
  readonly #options: MinerPoolOptions;
  readonly #random: () => number;
  readonly #miners = new Map<string, Miner>();
  readonly #generation = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** By thread; undefined between a thread's end and the start of its replacement. */
  readonly #workers: (Worker | undefined)[] = [];
  readonly #sampling: NodeJS.Timeout;
  #searches = 0;
  #isStopped = false;

  /**
   * @throws RangeError if `threads` is not from 1 to `threadsMax`, or if POWLAB_HASHER is no hasher.
   */
  constructor(options: MinerPoolOptions) {
    const { threads, seed } = options;
    if (!Number.isInteger(threads) || threads < 1 || threads > threadsMax) {
      throw new RangeError(`threads: a whole number from 1 to ${threadsMax}, not ${threads}`);
    }
    this.#options = options;
    this.threads = threads;
    const { name, warnings } = chooseHasher(options.hasher);
    this.hasher = name;
    for (const warning of warnings) options.onError?.(new Error(warning));
    this.#random = seed === undefined ? Math.random : seededRandom(seed);
    this.#sampling = setInterval(() => this.#sample(), sampleIntervalMs).unref();
    for (let thread = 0; thread < threads; thread++) this.#spawn(thread);
  }

  /**
   * Gives a miner its next job; the job that it has is abandoned. After a solution it is idle.
   *
   * @throws RangeError if header or target has not its size, or if there are `minersMax` already.
   */
  work(job: MiningJob): void {
    checkSizes(job.header, job.target);
    const miner = this.#minerNamed(job.miner);
    const search: NonceSearch = {
      number: this.#searches++,
      header: Uint8Array.from(job.header),
      target: Uint8Array.from(job.target),
      timeMaxSeconds: job.timeMaxSeconds,
      firstNonce: job.firstNonce ?? Math.floor(this.#random() * nonceCount),
    };
    miner.job = { template: job.template, search };
    this.#order(miner);
  }

  /** Stops a miner until its next job. */
  rest(miner: string): void {
    const resting = this.#miners.get(miner);
    if (resting === undefined) return;
    resting.job = undefined;
    this.#order(resting);
  }

  /**
   * Sets what a miner may hash at most: undefined for all that the others leave, 0 for nothing.
   * When the processors are too slow for all budgets, each miner gets the same share of its own.
   *
   * @throws RangeError if the budget is not a finite number from 0.
   */
  setHashrate(miner: string, hashesPerSecond: number | undefined): void {
    if (hashesPerSecond !== undefined && !(hashesPerSecond >= 0 && hashesPerSecond < Infinity)) {
      throw new RangeError(`a hash rate is a finite number from 0 on, not ${hashesPerSecond}`);
    }
    const changed = this.#minerNamed(miner);
    changed.hashesPerSecondMax = hashesPerSecond;
    this.#order(changed);
  }

  statistics(): MinerStatistics[] {
    return [...this.#miners.values()].map((miner) => ({
      miner: miner.name,
      hashesPerSecond: observedRate(miner),
      hashes: hashesOf(miner),
      hashesPerSecondMax: miner.hashesPerSecondMax,
    }));
  }

  /** Ends all threads. Nothing is solved any more, and later orders are ignored. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#sampling);
    await Promise.all(this.#workers.map(async (worker) => worker?.terminate()));
  }

  #minerNamed(name: string): Miner {
    const known = this.#miners.get(name);
    if (known !== undefined) return known;
    if (this.#miners.size >= minersMax) throw new RangeError(`at most ${minersMax} miners a pool`);
    const hashes = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
    const samples = [{ atMs: performance.now(), hashes: 0 }];
    const miner: Miner = { name, hashes, hashesPerSecondMax: undefined, job: undefined, samples };
    this.#miners.set(name, miner);
    return miner;
  }

  #order(miner: Miner): void {
    for (const worker of this.#workers) {
      if (worker !== undefined) this.#post(worker, miner);
    }
  }

  #post(worker: Worker, miner: Miner): void {
    const order: MinerOrder = {
      miner: miner.name,
      hashesPerSecond:
        miner.hashesPerSecondMax === undefined
          ? undefined
          : miner.hashesPerSecondMax / this.threads,
      hashes: miner.hashes.buffer,
      search: miner.job?.search,
    };
    worker.postMessage(order);
    Atomics.add(this.#generation, 0, 1);
    Atomics.notify(this.#generation, 0);
  }

  #spawn(thread: number): void {
    const data: MinerThread = {
      thread,
      threads: this.threads,
      hasher: this.hasher,
      generation: this.#generation.buffer,
    };
    const worker = spawnWorker("src/io/mining/miner.worker", { workerData: data });
    let cause: unknown;
    worker.on("message", (found: NonceFound) => this.#solve(found));
    worker.on("error", (error) => (cause = error));
    worker.on("exit", (code) => this.#replace(thread, code, cause));
    worker.unref();
    this.#workers[thread] = worker;
    for (const miner of this.#miners.values()) this.#post(worker, miner);
  }

  #replace(thread: number, code: number, cause: unknown): void {
    if (this.#isStopped) return;
    this.#workers[thread] = undefined;
    setTimeout(() => {
      if (!this.#isStopped) this.#spawn(thread);
    }, respawnDelayMs).unref();
    const problem = `mining thread ${thread} ended with code ${code}; another one takes its place`;
    this.#options.onError?.(new Error(problem, { cause }));
  }

  /** Two threads may find a nonce each, and a job may be replaced meanwhile: all but the first count for nothing. */
  #solve({ miner: name, search, header }: NonceFound): void {
    const miner = this.#miners.get(name);
    if (this.#isStopped || miner?.job?.search.number !== search) return;
    const { template } = miner.job;
    miner.job = undefined;
    this.#order(miner);
    this.#options.onSolved({ miner: name, template, header });
  }

  #sample(): void {
    const atMs = performance.now();
    for (const miner of this.#miners.values()) {
      miner.samples.push({ atMs, hashes: hashesOf(miner) });
      if (miner.samples.length > samplesMax) miner.samples.shift();
    }
  }
}

function hashesOf(miner: Miner): number {
  return Number(Atomics.load(miner.hashes, 0));
}

function observedRate(miner: Miner): number {
  const [oldest] = miner.samples;
  if (oldest === undefined) return 0;
  const seconds = (performance.now() - oldest.atMs) / 1000;
  return seconds > 0 ? (hashesOf(miner) - oldest.hashes) / seconds : 0;
}

/** Mulberry32: small and even enough to scatter the starts of searches; for nothing else. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
