/** The pool of mining threads: its parts in a time that the test sets, then real threads. */

import { createHash } from "node:crypto";
import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { nonceCount } from "../../../src/io/hashing/hasher.ts";
import {
  MinerPool,
  type MiningJob,
  type SolvedHeader,
  minersMax,
} from "../../../src/io/mining/miner-pool.ts";
import {
  type MinerOrder,
  type NonceSearch,
  NonceWalk,
  TurnTable,
  nonceRangeSize,
} from "../../../src/io/mining/miner.worker.ts";

const noTarget = Buffer.alloc(32, 0);
const anyTarget = Buffer.alloc(32, 0xff);
/** About 256 hashes a solution. */
const easyTarget = Buffer.concat([Buffer.alloc(1), Buffer.alloc(31, 0xff)]);

function searchOf(changes: Partial<NonceSearch> = {}): NonceSearch {
  const header = Buffer.alloc(80);
  return { number: 1, header, target: noTarget, timeMaxSeconds: 0, firstNonce: 0, ...changes };
}

describe("the walk through the nonces", () => {
  function allOf(
    walk: NonceWalk,
    countMax: number,
  ): { start: number; count: number; time: number }[] {
    const taken = [];
    for (;;) {
      const nonces = walk.take(countMax);
      if (nonces === undefined) return taken;
      taken.push({ ...nonces, time: Buffer.from(walk.header).readUInt32LE(68) });
    }
  }

  test("visits each nonce once a second, whichever threads share it and wherever it begins", () => {
    const search = searchOf({ firstNonce: 3_000_000_000, timeMaxSeconds: 1 });
    const walks = [0, 1, 2].map((thread) => new NonceWalk(search, thread, 3));
    const taken = walks.flatMap((walk) => allOf(walk, nonceRangeSize));
    expect(taken.every(({ start }) => start % nonceRangeSize === 0)).toBe(true);
    expect(taken.every(({ count }) => count === nonceRangeSize)).toBe(true);
    expect(taken).toHaveLength((2 * nonceCount) / nonceRangeSize);
    expect(new Set(taken.map(({ start, time }) => `${start} at ${time}`)).size).toBe(taken.length);
  });

  test("begins with the range that has the first nonce", () => {
    const walk = new NonceWalk(searchOf({ firstNonce: 5 * nonceRangeSize + 17 }), 0, 1);
    expect(walk.take(10)).toEqual({ start: 5 * nonceRangeSize, count: 10 });
  });

  test("cuts ranges into chunks without a gap", () => {
    const walk = new NonceWalk(searchOf(), 0, 2);
    expect(walk.take(40_000)).toEqual({ start: 0, count: 40_000 });
    expect(walk.take(40_000)).toEqual({ start: 40_000, count: nonceRangeSize - 40_000 });
    expect(walk.take(40_000)).toEqual({ start: 2 * nonceRangeSize, count: 40_000 });
  });

  test("raises the time when the nonces run out, up to the last allowed second", () => {
    const header = Buffer.alloc(80);
    header.writeUInt32LE(1_000, 68);
    const taken = allOf(
      new NonceWalk(searchOf({ header, timeMaxSeconds: 1_002 }), 1, 64),
      nonceRangeSize,
    );
    const rangesEach = nonceCount / nonceRangeSize / 64;
    for (const time of [1_000, 1_001, 1_002]) {
      expect(taken.filter((each) => each.time === time)).toHaveLength(rangesEach);
    }
    expect(taken).toHaveLength(3 * rangesEach);
    expect(header.readUInt32LE(68)).toBe(1_000);
  });
});

describe("the turns of miners on one thread", () => {
  const chunkHashes = 1_000;

  function orderOf(miner: string, hashesPerSecond: number | undefined): MinerOrder {
    return { miner, hashesPerSecond, hashes: new SharedArrayBuffer(8), search: searchOf() };
  }

  function hashesOf(order: MinerOrder): number {
    return Number(new BigInt64Array(order.hashes)[0]);
  }

  /** A thread that computes `speed` hashes a second, for so long; it sleeps when nobody may mine. */
  function run(table: TurnTable, speed: number, fromSeconds: number, seconds: number): void {
    const untilMs = (fromSeconds + seconds) * 1000;
    for (let nowMs = fromSeconds * 1000; nowMs < untilMs;) {
      table.refill(nowMs);
      const seat = table.next();
      if (seat === undefined) {
        nowMs += Math.max(1, table.waitMs());
        continue;
      }
      const hashes = table.allowance(seat, chunkHashes);
      table.spend(seat, hashes);
      nowMs += (hashes / speed) * 1000;
    }
  }

  function tableOf(...orders: MinerOrder[]): TurnTable {
    const table = new TurnTable(0, 1, 0);
    for (const order of orders) table.accept(order);
    return table;
  }

  test("give each miner its budget, and what is left to those without one, evenly", () => {
    const orders = [8_000, 16_000, 0.5, 0, undefined, undefined].map((budget, index) =>
      orderOf(`miner ${index}`, budget),
    );
    run(tableOf(...orders), 500_000, 0, 21);
    const [small, large, tiny, none, left, right] = orders.map(hashesOf) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect(small / (21 * 8_000)).toBeCloseTo(1, 2);
    expect(large / (21 * 16_000)).toBeCloseTo(1, 2);
    expect(tiny).toBe(10);
    expect(none).toBe(0);
    expect(left / right).toBeCloseTo(1, 2);
    expect((left + right) / (21 * (500_000 - 24_000))).toBeCloseTo(1, 1);
  });

  test("keep the proportions when the thread is too slow for all budgets", () => {
    const one = orderOf("one", 10_000);
    const three = orderOf("three", 30_000);
    run(tableOf(one, three), 20_000, 0, 50);
    expect(hashesOf(three) / hashesOf(one)).toBeCloseTo(3, 1);
    expect((hashesOf(one) + hashesOf(three)) / 1_000_000).toBeCloseTo(1, 1);
  });

  test("do not let a miner save up its budget while it rests", () => {
    const order = orderOf("sleeper", 10_000);
    const table = tableOf({ ...order, search: undefined });
    run(table, 1_000_000, 0, 60);
    table.accept(order);
    run(table, 1_000_000, 60, 1);
    expect(hashesOf(order)).toBeGreaterThanOrEqual(10_000);
    expect(hashesOf(order)).toBeLessThanOrEqual(11_100);
  });

  test("forget the savings of a larger budget", () => {
    const order = orderOf("reduced", 1_000_000);
    const table = tableOf({ ...order, search: undefined });
    run(table, 1_000_000, 0, 1);
    table.accept({ ...order, hashesPerSecond: 10 });
    run(table, 1_000_000, 1, 10);
    expect(hashesOf(order)).toBeLessThanOrEqual(102);
  });

  test("go on in the same search when only the budget changes", () => {
    const table = tableOf(orderOf("steady", undefined));
    expect(table.next()?.walk?.take(10)?.start).toBe(0);
    table.accept(orderOf("steady", 1_000));
    table.refill(1_000);
    expect(table.next()?.walk?.take(10)?.start).toBe(10);
  });

  test("come to nobody while all rest", () => {
    const table = tableOf({ ...orderOf("resting", undefined), search: undefined });
    expect(table.next()).toBeUndefined();
    expect(table.waitMs()).toBe(Infinity);
  });
});

describe("a pool of real threads", () => {
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

  test("finds a header whose hash meets the target, changed in nothing but the nonce", async () => {
    const { pool, solved } = poolOf(2);
    const job = jobOf("alice", "first", easyTarget);
    pool.work(job);
    const { miner, template, header } = await solved.next();
    expect([miner, template]).toEqual(["alice", "first"]);
    expect(Buffer.from(header.subarray(0, 76))).toEqual(Buffer.from(job.header.subarray(0, 76)));
    const once = createHash("sha256").update(header).digest();
    expect(createHash("sha256").update(once).digest()[31]).toBe(0);
  });

  test("abandons a job that is replaced, even if its solution is under way", async () => {
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

  test("solves each job once, though all threads work on it", async () => {
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

  test("shares out hashes in the proportion of the budgets", async () => {
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
    expect(pool.statistics().map(({ budget }) => budget)).toEqual([4_000, 8_000, 0]);
  });

  test("lets a miner rest until its next job", async () => {
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

  test("replaces a thread that died, and goes on with its jobs and budgets", async () => {
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

  test("solves nothing after its stop", async () => {
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

  test("refuses what cannot be: thread counts, hash rates, sizes, and too many miners", () => {
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
