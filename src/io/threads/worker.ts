/** Starts a worker thread from TypeScript sources (tests, tsx) as well as from the built JavaScript. */

import { Worker, type WorkerOptions } from "node:worker_threads";

const isSource = import.meta.url.endsWith(".ts");

/**
 * Starts the worker of a file.
 *
 * @param path from the project's root and without the ending, such as "src/io/mining/miner.worker".
 */
export function spawnWorker(path: string, options: WorkerOptions = {}): Worker {
  if (!isSource) return new Worker(new URL(`../../../${path}.js`, import.meta.url), options);
  // Node 20 cannot read TypeScript, and a worker does not inherit the loader of its parent: a
  // script of one line registers tsx inside the worker first. The parent's own flags would
  // register it a second time, so they are not passed on.
  const file = new URL(`../../../${path}.ts`, import.meta.url).href;
  const loader = import.meta.resolve("tsx/esm/api");
  const script =
    `import(${JSON.stringify(loader)})` +
    `.then((tsx) => { tsx.register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(script, { ...options, eval: true, execArgv: [] });
}
