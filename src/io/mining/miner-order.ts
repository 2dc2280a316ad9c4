/** What the pool sends to a mining thread, and what the thread answers. */

import type { HasherName } from "../../primitives/hashing.ts";
import type { NonceSearch } from "./nonce-walk.ts";

/** What a thread gets at its start. */
export type MinerThread = {
  /** From 0 to `threads - 1`. */
  readonly thread: number;
  readonly threads: number;
  readonly hasher: HasherName;
  /** One Int32, raised after each order: see `mine` in miner.worker.ts. */
  readonly generation: SharedArrayBuffer;
};

/** Everything that a thread has to know about one miner. A newer order replaces the older one. */
export type MinerOrder = {
  readonly miner: string;
  /** This thread's part of the miner's budget; undefined for all that others leave. */
  readonly hashesPerSecond: number | undefined;
  /** One BigInt64 for the hashes of all threads. */
  readonly hashes: SharedArrayBuffer;
  /** Undefined while the miner is idle. */
  readonly search: NonceSearch | undefined;
};

/** The answer of a thread: a header with its proof of work. */
export type NonceFound = {
  readonly miner: string;
  readonly search: number;
  readonly header: Uint8Array;
};
