/** The pool of mining threads, with real threads. */

import { createHash } from "node:crypto";
import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import {
  MinerPool,
  minersMax,
  type MiningJob,
  type SolvedHeader,
} from "../../../src/io/mining/miner-pool.ts";

const noTarget = Buffer.alloc(32, 0);
const anyTarget = Buffer.alloc(32, 0xff);
/** About 256 hashes a solution. */
const easyTarget = Buffer.concat([Buffer.alloc(1), Buffer.alloc(31, 0xff)]);

const pools: MinerPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.stop()));
});

function jobOf(miner: string, template: string, target: Uint8Array): MiningJob {
  const header = Buffer.alloc(80, template);
  return { miner, template, header, target, timeMaxSeconds: 0 };
}

/** A pool whose solutions can be awaited one after the other. */
function poolOf(threads: number): {
  pool: MinerPool;
  solved: Listener<SolvedHeader>;
  failed: Listener<Error>;
} {
  const solved = new Listener<SolvedHeader>();
  const failed = new Listener<Error>();
  const pool = new MinerPool({
    threads,
    seed: 1,
    onSolved: (each) => solved.hear(each),
    onError: (error) => failed.hear(error),
  });
  pools.push(pool);
  return { pool, solved, failed };
}

async function waitUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function hashesOf(pool: MinerPool, miner: string): number {
  return pool.statistics().find((each) => each.miner === miner)!.hashes;
}

describe("jobs", () => {
  test("are solved by a header whose hash meets the target, changed in nothing but the nonce", async () => {
    const { pool, solved } = poolOf(2);
    const job = jobOf("alice", "first", easyTarget);
    pool.work(job);
    const { miner, template, header } = await solved.next();
    expect([miner, template]).toEqual(["alice", "first"]);
    expect(Buffer.from(header.subarray(0, 76))).toEqual(Buffer.from(job.header.subarray(0, 76)));
    const once = createHash("sha256").update(header).digest();
    expect(createHash("sha256").update(once).digest()[31]).toBe(0);
  });

  test("are abandoned when they are replaced, even if a solution is under way", async () => {
    const { pool, solved } = poolOf(1);
    pool.work(jobOf("bob", "warm", anyTarget));
    await solved.next();
    pool.work(jobOf("alice", "old", anyTarget));
    // No await: the solution has no chance to arrive.
    const untilMs = performance.now() + 2_000;
    while (hashesOf(pool, "alice") === 0 && performance.now() < untilMs);
    pool.work(jobOf("alice", "new", anyTarget));
    const { template, header } = await solved.next();
    expect([template, Buffer.from(header).toString("latin1", 0, 3)]).toEqual(["new", "new"]);
    pool.work(jobOf("alice", "newest", anyTarget));
    expect((await solved.next()).template).toBe("newest");
  });

  test("are solved once each, though all threads work on them", async () => {
    const { pool, solved } = poolOf(2);
    pool.work(jobOf("alice", "hopeless", noTarget));
    await waitUntil(() => hashesOf(pool, "alice") >= 500_000); // both threads have begun by then
    for (let round = 0; round < 20; round++) {
      pool.work(jobOf("alice", `job ${round}`, easyTarget));
      expect((await solved.next()).template).toBe(`job ${round}`);
      pool.work(jobOf("bob", `pause ${round}`, easyTarget));
      expect((await solved.next()).template).toBe(`pause ${round}`);
    }
  });

  test("are not worked on while their miner rests", async () => {
    const { pool, solved } = poolOf(1);
    pool.work(jobOf("alice", "hopeless", noTarget));
    await waitUntil(() => hashesOf(pool, "alice") > 0);
    pool.rest("alice");
    pool.rest("nobody");
    pool.work(jobOf("bob", "turns", anyTarget));
    await solved.next(); // the thread has read the order before this one too
    const hashes = hashesOf(pool, "alice");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(hashesOf(pool, "alice")).toBe(hashes);
    pool.work(jobOf("alice", "again", anyTarget));
    expect((await solved.next()).template).toBe("again");
  });
});

test("budgets share out the hashes in their proportion", async () => {
  const { pool } = poolOf(2);
  const startedAtMs = performance.now();
  pool.setHashrate("small", 4_000);
  pool.setHashrate("large", 8_000);
  pool.setHashrate("none", 0);
  for (const miner of ["small", "large", "none"]) pool.work(jobOf(miner, miner, noTarget));
  await waitUntil(() => hashesOf(pool, "large") >= 8_000);
  // However fast the machine: nobody gets more than the time that passed is worth.
  const elapsedSeconds = (performance.now() - startedAtMs) / 1000;
  expect(hashesOf(pool, "large")).toBeLessThanOrEqual(8_000 * elapsedSeconds);
  const ratio = hashesOf(pool, "large") / hashesOf(pool, "small");
  expect(ratio).toBeGreaterThan(1.6);
  expect(ratio).toBeLessThan(2.5);
  expect(hashesOf(pool, "none")).toBe(0);
  expect(pool.statistics().map(({ hashesPerSecondMax }) => hashesPerSecondMax)).toEqual([
    4_000, 8_000, 0,
  ]);
});

test("a thread that died is replaced, and jobs and budgets go on", async () => {
  const workers: Worker[] = [];
  const notice = (worker: Worker): number => workers.push(worker);
  process.on("worker", notice);
  const { pool, failed } = poolOf(1);
  pool.setHashrate("alice", 50_000);
  pool.work(jobOf("alice", "lasting", noTarget));
  await waitUntil(() => hashesOf(pool, "alice") > 0);
  await workers[0]!.terminate();
  expect((await failed.next()).message).toContain("mining thread 0 ended with code 1");
  const hashes = hashesOf(pool, "alice");
  await waitUntil(() => hashesOf(pool, "alice") > hashes);
  process.off("worker", notice);
  expect(workers).toHaveLength(2);
});

test("nothing is solved after the stop", async () => {
  const { pool, solved, failed } = poolOf(1);
  pool.work(jobOf("alice", "hopeless", noTarget));
  await waitUntil(() => hashesOf(pool, "alice") > 0);
  await pool.stop();
  const hashes = hashesOf(pool, "alice");
  pool.work(jobOf("alice", "late", anyTarget));
  await pool.stop();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(hashesOf(pool, "alice")).toBe(hashes);
  expect([solved.waiting, failed.waiting]).toEqual([0, 0]);
});

test("what cannot be is refused: thread counts, hash rates, sizes, and too many miners", () => {
  const onSolved = (): void => {};
  expect(() => new MinerPool({ threads: 0, onSolved })).toThrow(RangeError);
  const { pool } = poolOf(1);
  expect(() => pool.setHashrate("alice", -1)).toThrow(RangeError);
  expect(() => pool.setHashrate("alice", NaN)).toThrow(RangeError);
  expect(() =>
    pool.work({ ...jobOf("alice", "short", noTarget), header: Buffer.alloc(79) }),
  ).toThrow(RangeError);
  for (let index = 0; index < minersMax; index++) pool.setHashrate(`miner ${index}`, 0);
  expect(() => pool.setHashrate("one too many", 0)).toThrow(RangeError);
});

/** Keeps what it hears until somebody asks for it. */
class Listener<T> {
  readonly #heard: T[] = [];
  #wake: (() => void) | undefined;

  get waiting(): number {
    return this.#heard.length;
  }

  hear(each: T): void {
    this.#heard.push(each);
    this.#wake?.();
  }

  async next(): Promise<T> {
    for (;;) {
      const each = this.#heard.shift();
      if (each !== undefined) return each;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
