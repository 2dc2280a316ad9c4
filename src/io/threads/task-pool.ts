/** Threads that work through a list of tasks; the answers stand in the order of the tasks. */

import "../platform/polyfill.ts";
import type { Worker } from "node:worker_threads";
import { spawnWorker } from "./worker.ts";

export type TaskRun<Task> = {
  /** The worker's file as `spawnWorker` wants it; it calls `serveTasks`. */
  readonly worker: string;
  readonly tasks: readonly Task[];
  /** At least one; no more are started than there are tasks. */
  readonly threads: number;
  /** Called after each answer with how many there are. */
  readonly onProgress?: (answered: number) => void;
  /** Ends the run early: what is not answered by then never is. */
  readonly signal?: AbortSignal;
};

export type TaskOrder<Task> = { readonly position: number; readonly task: Task };
export type TaskAnswer<Answer> = { readonly position: number; readonly answer: Answer };

/**
 * A free thread takes the next task, so the order of the answers in time is random; their order in
 * the result is not.
 *
 * @returns an answer for each task; undefined for those that the signal came before.
 * @throws Error what a task threw, or if a thread ends early.
 */
export async function runTasks<Task, Answer>(
  run: TaskRun<Task>,
): Promise<readonly (Answer | undefined)[]> {
  const pool = new TaskPool<Task, Answer>(run);
  try {
    return await pool.ended;
  } finally {
    await pool.close();
  }
}

/** Simulations make much that soon is garbage: with more room for it less of it is copied. */
const resourceLimits = { maxYoungGenerationSizeMb: 192 };

class TaskPool<Task, Answer> {
  readonly ended: Promise<readonly (Answer | undefined)[]>;
  readonly #run: TaskRun<Task>;
  readonly #answers: (Answer | undefined)[];
  readonly #workers: Worker[] = [];
  readonly #settle = Promise.withResolvers<readonly (Answer | undefined)[]>();
  readonly #stop = (): void => this.#settle.resolve(this.#answers);
  #given = 0;
  #answered = 0;

  constructor(run: TaskRun<Task>) {
    this.#run = run;
    this.#answers = run.tasks.map(() => undefined);
    this.ended = this.#settle.promise;
    run.signal?.addEventListener("abort", this.#stop);
    if (run.tasks.length === 0 || run.signal?.aborted === true) {
      this.#stop();
      return;
    }
    const threads = Math.min(Math.max(run.threads, 1), run.tasks.length);
    for (let thread = 0; thread < threads; thread++) this.#spawn();
  }

  async close(): Promise<void> {
    this.#run.signal?.removeEventListener("abort", this.#stop);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #spawn(): void {
    const worker = spawnWorker(this.#run.worker, { resourceLimits });
    this.#workers.push(worker);
    worker.on("message", (message: TaskAnswer<Answer>) => {
      this.#note(message);
      this.#give(worker);
    });
    worker.on("error", this.#settle.reject);
    worker.on("exit", (code) => {
      this.#settle.reject(new Error(`a thread ended with code ${code} before its work was done`));
    });
    this.#give(worker);
  }

  #give(worker: Worker): void {
    const position = this.#given;
    const task = this.#run.tasks[position];
    if (task === undefined) return;
    this.#given += 1;
    const order: TaskOrder<Task> = { position, task };
    worker.postMessage(order);
  }

  #note({ position, answer }: TaskAnswer<Answer>): void {
    this.#answers[position] = answer;
    this.#answered += 1;
    this.#run.onProgress?.(this.#answered);
    if (this.#answered === this.#answers.length) this.#stop();
  }
}
