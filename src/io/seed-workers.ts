/** Worker threads that share a range of seeds; what they answer comes back in the order of seeds. */

import type { Worker } from "node:worker_threads";
import { spawnWorker } from "./worker.ts";

export type SeedRange = { readonly first: number; readonly last: number };

export type SeedRun = {
  /** The file of the worker, beside `src/io/worker.ts`, without its ending. */
  readonly worker: string;
  readonly workerData: unknown;
  readonly seeds: SeedRange;
  readonly threads: number;
};

/**
 * Gives every seed to some thread. Each answer is handed out when those of all smaller seeds have
 * been, so that the order does not depend on how fast which thread is.
 *
 * @param onAnswer false ends it early.
 */
export async function runSeeds<Answer>(
  run: SeedRun,
  onAnswer: (answer: Answer, seed: number) => boolean,
): Promise<void> {
  const { first, last } = run.seeds;
  const threads = Math.min(run.threads, last - first + 1);
  const workers = Array.from({ length: threads }, () => {
    return spawnWorker(run.worker, { workerData: run.workerData });
  });
  const waiting = new Map<number, Answer>();
  let [nextSeed, nextAnswer] = [first, first];

  /** Keeps one thread busy until no seed is left. */
  async function employ(worker: Worker): Promise<void> {
    while (nextSeed <= last) {
      const seed = nextSeed++;
      waiting.set(seed, await ask<Answer>(worker, seed));
      for (let answer = waiting.get(nextAnswer); answer; answer = waiting.get(nextAnswer)) {
        waiting.delete(nextAnswer);
        if (!onAnswer(answer, nextAnswer++)) nextSeed = last + 1;
      }
    }
  }

  try {
    await Promise.all(workers.map(employ));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function ask<Answer>(worker: Worker, seed: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off("message", answered);
      worker.off("error", failed);
    };
    const answered = (answer: Answer): void => {
      settle();
      resolve(answer);
    };
    const failed = (error: Error): void => {
      settle();
      reject(error);
    };
    worker.on("message", answered);
    worker.on("error", failed);
    worker.postMessage(seed);
  });
}
