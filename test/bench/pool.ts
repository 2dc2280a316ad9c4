/** Mining threads: what the second one adds, and how soon new work is begun. */

import { MinerPool } from "../../src/io/mining/miner-pool.ts";
import { median, percentile99, round, type Row } from "./measure.ts";

const rounds = 5;
const roundMs = 1_000;
const changes = 100;
const threadsMeasured = 2;
const startPatienceMs = 10_000;

const header = Uint8Array.from({ length: 80 }, (_, i) => i);
/** No hash is zero, and each is below the greatest number. */
const unreachable = new Uint8Array(32);
const trivial = new Uint8Array(32).fill(0xff);

export async function benchPool(): Promise<Row[]> {
  const [one, two] = [await startMining(1), await startMining(threadsMeasured)];
  const awake = setInterval(() => undefined, roundMs); // threads alone do not keep a process alive
  try {
    const rates = { one: [] as number[], two: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      rates.one.push(await one.measure());
      rates.two.push(await two.measure());
    }
    const [single, double] = [median(rates.one), median(rates.two)];
    const latencies = await two.measureChanges();
    const [half, most] = [median(latencies), percentile99(latencies)];
    const limit = "10 ms at most";
    return [
      rowOf("mining with two threads", double, "hashes/s", "one thread", double / single),
      rowOf("new work to its first hash, median", half, "ms", limit, 10 / half),
      rowOf("new work to its first hash, 99 of 100", most, "ms", limit, 10 / most),
    ];
  } finally {
    clearInterval(awake);
    await Promise.all([one.pool.stop(), two.pool.stop()]);
  }
}

function rowOf(name: string, value: number, unit: string, versus: string, ratio: number): Row {
  return { name, value: round(value), unit, versus, ratio: round(ratio) };
}

/** A pool whose threads have started. */
async function startMining(threads: number): Promise<Mining> {
  const mining = new Mining(threads);
  mining.workOn(unreachable);
  const deadline = performance.now() + startPatienceMs;
  while ((mining.pool.statistics()[0]?.hashes ?? 0) === 0) {
    if (performance.now() > deadline) throw new Error("the mining threads do not start");
    await pause(10);
  }
  await mining.measure();
  return mining;
}

class Mining {
  readonly pool: MinerPool;
  #onSolved: () => void = () => undefined;

  constructor(threads: number) {
    this.pool = new MinerPool({ threads, onSolved: () => this.#onSolved() });
  }

  workOn(target: Uint8Array): void {
    this.pool.work({ miner: "bench", template: "bench", header, target, timeMaxSeconds: 2 ** 31 });
  }

  /** Hashes per second of real time, while the other pool rests. */
  async measure(): Promise<number> {
    this.workOn(unreachable);
    await pause(100);
    const [before, startedAt] = [this.#hashes(), performance.now()];
    await pause(roundMs);
    const rate = ((this.#hashes() - before) / (performance.now() - startedAt)) * 1000;
    this.pool.rest("bench");
    return rate;
  }

  /** Milliseconds until the answer to work whose first hash solves it, each time amid other work. */
  async measureChanges(): Promise<number[]> {
    const latencies: number[] = [];
    for (let i = 0; i < changes; i++) {
      this.workOn(unreachable);
      await pause(15 + (i % 7));
      const startedAt = performance.now();
      const solved = new Promise<void>((resolve) => (this.#onSolved = resolve));
      this.workOn(trivial);
      await solved;
      latencies.push(performance.now() - startedAt);
    }
    return latencies;
  }

  #hashes(): number {
    return this.pool.statistics()[0]?.hashes ?? 0;
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
