/** The other end of a task pool: what its threads run. */

import { parentPort } from "node:worker_threads";
import type { TaskAnswer, TaskOrder } from "./task-pool.ts";

/**
 * Carries out the tasks as they arrive, one after the other.
 *
 * @throws Error if this is not a worker thread.
 */
export function serveTasks<Task, Answer>(carryOut: (task: Task) => Answer): void {
  const port = parentPort;
  if (port === null) throw new Error("tasks are served in worker threads only");
  port.on("message", ({ position, task }: TaskOrder<Task>) => {
    const message: TaskAnswer<Answer> = { position, answer: carryOut(task) };
    port.postMessage(message);
  });
}
