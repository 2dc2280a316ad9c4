/** A mining thread: searches nonces for several miners in turn, each within its hash budget. */

import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import { nonceOffsetBytes } from "../../primitives/header.ts";
import { type Hasher, proveHasher } from "../hashing/hasher.ts";
import { createHasher } from "../hashing/hasher-choice.ts";
import type { MinerOrder, MinerThread, NonceFound } from "./miner-order.ts";
import { nonceRangeSize } from "./nonce-walk.ts";
import { Schedule, type ScheduledMiner } from "./schedule.ts";

/** Between two chunks a thread looks for new orders. */
const chunkMs = 2;
const chunkHashesMin = 64;
const chunkHashesMax = nonceRangeSize;
/** The weight of the newest chunk in the estimate of the hasher's speed. */
const speedSmoothing = 0.2;
const sleepMsMin = 1;

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
 * Mines until the thread is terminated. It never returns to its event loop: orders are fetched from the port
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
  const schedule = new Schedule(thread, threads, performance.now());
  const chunk = new ChunkSize();
  let seen: number | undefined;
  for (;;) {
    const current = Atomics.load(raised, 0);
    if (current !== seen) acceptOrders(port, schedule);
    seen = current;
    schedule.refill(performance.now());
    const miner = schedule.next();
    if (miner === undefined) {
      Atomics.wait(raised, 0, current, Math.max(schedule.waitMs(), sleepMsMin));
    } else {
      takeTurn(miner, schedule, chunk, hasher, port);
    }
  }
}

function acceptOrders(port: MessagePort, schedule: Schedule): void {
  for (;;) {
    const received = receiveMessageOnPort(port);
    if (received === undefined) return;
    schedule.accept(received.message as MinerOrder);
  }
}

function takeTurn(
  miner: ScheduledMiner,
  schedule: Schedule,
  chunk: ChunkSize,
  hasher: Hasher,
  port: MessagePort,
): void {
  const walk = miner.walk;
  const nonces = walk?.take(schedule.allowance(miner, chunk.hashes));
  if (walk === undefined || nonces === undefined) {
    miner.walk = undefined;
    return;
  }
  const startedAtMs = performance.now();
  hasher.prepare(walk.header, walk.search.target);
  const nonce = hasher.search(nonces.start, nonces.count);
  const hashes = nonce === undefined ? nonces.count : nonce - nonces.start + 1;
  chunk.learn(hashes, performance.now() - startedAtMs);
  schedule.spend(miner, hashes);
  if (nonce === undefined) return;
  miner.walk = undefined;
  const header = walk.header.slice();
  new DataView(header.buffer).setUint32(nonceOffsetBytes, nonce, true);
  const found: NonceFound = { miner: miner.name, search: walk.search.number, header };
  port.postMessage(found);
}

if (parentPort === null) throw new Error("only a thread of a pool may run this file");
mine(parentPort, workerData as MinerThread);
