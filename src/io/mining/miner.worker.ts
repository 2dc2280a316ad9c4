/** A mining thread: searches nonces for several miners in turn, each within its hash budget. */

import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import { type Hasher, nonceCount, nonceOffsetBytes, proveHasher } from "../hashing/hasher.ts";
import type { HasherName } from "../../primitives/hashing.ts";
import { createHasher } from "../hashing/hasher-choice.ts";

/** What a thread is told at its start. */
export type MinerThread = {
  readonly role: "miner";
  /** From 0 to `threads - 1`. */
  readonly thread: number;
  readonly threads: number;
  readonly hasher: HasherName;
  /** One Int32, raised after each order: see `mine`. */
  readonly generation: SharedArrayBuffer;
};

/** Everything that a thread has to know about one miner. A newer order replaces the older one. */
export type MinerOrder = {
  readonly miner: string;
  /** This thread's part of the miner's budget; undefined for all that others leave. */
  readonly hashesPerSecond: number | undefined;
  /** One BigInt64 for the hashes of all threads. */
  readonly hashes: SharedArrayBuffer;
  /** Undefined when the miner rests. */
  readonly search: NonceSearch | undefined;
};

export type NonceSearch = {
  /** A search that is ordered again under the same number goes on where it is. */
  readonly number: number;
  readonly header: Uint8Array;
  readonly target: Uint8Array;
  /** Seconds: the header's time may be raised up to this. */
  readonly timeMaxSeconds: number;
  /** The search begins at the range that has this nonce. */
  readonly firstNonce: number;
};

/** The answer of a thread: a header with its proof of work. */
export type NonceFound = {
  readonly miner: string;
  readonly search: number;
  readonly header: Uint8Array;
};

/** Threads share out the nonces in ranges of this size: more than one chunk, little beside all nonces. */
export const nonceRangeSize = 2 ** 16;
const nonceRanges = nonceCount / nonceRangeSize;

const timeOffsetBytes = 68;
/** A budget that was not used is kept for so long. One hash is always kept besides. */
const burstSeconds = 0.1;
/** A miner waits until it can hash for this share of its budget: a thread that wakes for each hash only wakes. */
const turnSeconds = 0.01;
/** Between two chunks a thread looks for new orders. */
const chunkMs = 2;
const chunkHashesMin = 64;
const chunkHashesMax = nonceRangeSize;
/** The weight of the newest chunk in the estimate of the hasher's speed. */
const speedSmoothing = 0.2;
const sleepMsMin = 1;

/** The nonces that one thread tries for one search, in order. */
export class NonceWalk {
  readonly search: NonceSearch;
  readonly #header: Uint8Array;
  readonly #thread: number;
  readonly #threads: number;
  /** Counted from the search's first range: threads take every range in turn, like cards that are dealt. */
  #range: number;
  #offset = 0;

  constructor(search: NonceSearch, thread: number, threads: number) {
    this.search = search;
    this.#header = Uint8Array.from(search.header);
    this.#thread = thread;
    this.#threads = threads;
    this.#range = thread;
  }

  /** The header with the time that the last nonces taken belong to. */
  get header(): Uint8Array {
    return this.#header;
  }

  /** The next nonces, at most `countMax`, or undefined when the last nonce of the last second was taken. */
  take(countMax: number): { readonly start: number; readonly count: number } | undefined {
    if (this.#offset === nonceRangeSize) {
      this.#offset = 0;
      this.#range += this.#threads;
    }
    if (this.#range >= nonceRanges && !this.#raiseTime()) return undefined;
    const first = Math.floor(this.search.firstNonce / nonceRangeSize);
    const range = (first + this.#range) % nonceRanges;
    const start = range * nonceRangeSize + this.#offset;
    const count = Math.min(countMax, nonceRangeSize - this.#offset);
    this.#offset += count;
    return { start, count };
  }

  #raiseTime(): boolean {
    const view = new DataView(this.#header.buffer);
    const time = view.getUint32(timeOffsetBytes, true);
    if (time >= this.search.timeMaxSeconds) return false;
    view.setUint32(timeOffsetBytes, time + 1, true);
    this.#range = this.#thread;
    return true;
  }
}

/** One miner at the table of a thread. */
export type Seat = {
  readonly miner: string;
  readonly hashes: BigInt64Array;
  hashesPerSecond: number | undefined;
  /** Hashes that the miner may spend now; of no meaning without a budget. */
  tokens: number;
  /** The search of the newest order. */
  searchNumber: number | undefined;
  /** Undefined while the miner rests, and when its search has ended. */
  walk: NonceWalk | undefined;
};

/**
 * Whose turn it is. Each budget is a bucket of tokens that time refills. Miners whose bucket is
 * ready come first, the one that waited longest before all; miners without a budget share what
 * is left in the same way.
 *
 * When the thread is too slow for all budgets, time itself waits for the fullest bucket, so that
 * all miners lose the same share and their proportions stay exact.
 */
export class TurnTable {
  readonly #thread: number;
  readonly #threads: number;
  /** The longest wait first: a miner that had its turn goes to the end. */
  readonly #seats = new Map<string, Seat>();
  #refilledAtMs: number;

  constructor(thread: number, threads: number, nowMs: number) {
    this.#thread = thread;
    this.#threads = threads;
    this.#refilledAtMs = nowMs;
  }

  accept(order: MinerOrder): void {
    const seat = this.#seats.get(order.miner) ?? this.#addSeat(order);
    seat.hashesPerSecond = order.hashesPerSecond;
    if (order.search?.number === seat.searchNumber) return;
    seat.searchNumber = order.search?.number;
    seat.walk = order.search && new NonceWalk(order.search, this.#thread, this.#threads);
  }

  refill(nowMs: number): void {
    let seconds = (nowMs - this.#refilledAtMs) / 1000;
    this.#refilledAtMs = nowMs;
    for (const { walk, hashesPerSecond, tokens } of this.#seats.values()) {
      if (walk === undefined || !hashesPerSecond) continue;
      seconds = Math.min(seconds, (bucketSize(hashesPerSecond) - tokens) / hashesPerSecond);
    }
    seconds = Math.max(seconds, 0);
    for (const seat of this.#seats.values()) {
      const rate = seat.hashesPerSecond ?? 0;
      seat.tokens = Math.min(seat.tokens + seconds * rate, bucketSize(rate));
    }
  }

  /** The miner whose turn it is, or undefined if nobody has work and tokens. */
  next(): Seat | undefined {
    const seats = [...this.#seats.values()].filter((seat) => seat.walk !== undefined);
    const seat =
      seats.find((each) => secondsUntilReady(each) <= 0) ??
      seats.find((each) => each.hashesPerSecond === undefined);
    if (seat === undefined) return undefined;
    this.#seats.delete(seat.miner);
    this.#seats.set(seat.miner, seat);
    return seat;
  }

  /** The most hashes that the miner may try in its turn, when a chunk has `chunkHashes`. */
  allowance({ hashesPerSecond, tokens }: Seat, chunkHashes: number): number {
    return hashesPerSecond === undefined ? chunkHashes : Math.min(chunkHashes, Math.floor(tokens));
  }

  spend(seat: Seat, hashes: number): void {
    if (seat.hashesPerSecond !== undefined) seat.tokens -= hashes;
    Atomics.add(seat.hashes, 0, BigInt(hashes));
  }

  /** How long nobody will have a turn unless an order comes: infinite if nobody has work. */
  waitMs(): number {
    let seconds = Infinity;
    for (const seat of this.#seats.values()) {
      if (seat.walk !== undefined) seconds = Math.min(seconds, secondsUntilReady(seat));
    }
    return seconds * 1000;
  }

  #addSeat({ miner, hashesPerSecond, hashes }: MinerOrder): Seat {
    const seat: Seat = {
      miner,
      hashes: new BigInt64Array(hashes),
      hashesPerSecond,
      tokens: 0,
      searchNumber: undefined,
      walk: undefined,
    };
    this.#seats.set(miner, seat);
    return seat;
  }
}

function bucketSize(hashesPerSecond: number): number {
  return hashesPerSecond * burstSeconds + 1;
}

function secondsUntilReady({ hashesPerSecond, tokens }: Seat): number {
  if (!hashesPerSecond) return Infinity;
  const turn = Math.max(1, hashesPerSecond * turnSeconds);
  return (turn - tokens) / hashesPerSecond;
}

/** How many hashes take about `chunkMs`, learnt from the chunks before. */
class ChunkSize {
  #hashesPerMs = chunkHashesMin / chunkMs;

  get hashes(): number {
    const hashes = Math.round(this.#hashesPerMs * chunkMs);
    return Math.min(Math.max(hashes, chunkHashesMin), chunkHashesMax);
  }

  learn(hashes: number, elapsedMs: number): void {
    if (elapsedMs <= 0) return;
    this.#hashesPerMs += (hashes / elapsedMs - this.#hashesPerMs) * speedSmoothing;
  }
}

/**
 * The life of a thread. It never returns to its event loop: orders are fetched from the port
 * between two chunks. The pool posts an order first and raises the generation afterwards, and here
 * the generation is read first and the port emptied afterwards. So no order is overlooked: a thread
 * that goes to sleep on a generation that has been raised meanwhile wakes at once.
 */
function mine(
  port: MessagePort,
  { thread, threads, hasher: name, generation }: MinerThread,
): never {
  const hasher = createHasher(name);
  if (!proveHasher(hasher)) throw new Error(`the hasher "${hasher.name}" computes wrong hashes`);
  const raised = new Int32Array(generation);
  const table = new TurnTable(thread, threads, performance.now());
  const chunk = new ChunkSize();
  let seen: number | undefined;
  for (;;) {
    const current = Atomics.load(raised, 0);
    if (current !== seen) acceptOrders(port, table);
    seen = current;
    table.refill(performance.now());
    const seat = table.next();
    if (seat === undefined) {
      Atomics.wait(raised, 0, current, Math.max(table.waitMs(), sleepMsMin));
    } else {
      takeTurn(seat, table, chunk, hasher, port);
    }
  }
}

function acceptOrders(port: MessagePort, table: TurnTable): void {
  for (;;) {
    const received = receiveMessageOnPort(port);
    if (received === undefined) return;
    table.accept(received.message as MinerOrder);
  }
}

function takeTurn(
  seat: Seat,
  table: TurnTable,
  chunk: ChunkSize,
  hasher: Hasher,
  port: MessagePort,
): void {
  const walk = seat.walk;
  const nonces = walk?.take(table.allowance(seat, chunk.hashes));
  if (walk === undefined || nonces === undefined) {
    seat.walk = undefined;
    return;
  }
  const startedAtMs = performance.now();
  hasher.prepare(walk.header, walk.search.target);
  const nonce = hasher.search(nonces.start, nonces.count);
  const hashes = nonce === undefined ? nonces.count : nonce - nonces.start + 1;
  chunk.learn(hashes, performance.now() - startedAtMs);
  table.spend(seat, hashes);
  if (nonce === undefined) return;
  seat.walk = undefined;
  const header = walk.header.slice();
  new DataView(header.buffer).setUint32(nonceOffsetBytes, nonce, true);
  const found: NonceFound = { miner: seat.miner, search: walk.search.number, header };
  port.postMessage(found);
}

function isMinerThread(data: unknown): data is MinerThread {
  return typeof data === "object" && data !== null && "role" in data && data.role === "miner";
}

// A test that imports this file is no mining thread, even if it runs in a worker.
if (parentPort !== null && isMinerThread(workerData)) mine(parentPort, workerData);
