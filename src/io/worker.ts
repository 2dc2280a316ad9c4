/** Starts a worker thread from TypeScript sources (tests, tsx) as well as from the built JavaScript. */

import { Worker, type WorkerOptions } from "node:worker_threads";

const isSource = import.meta.url.endsWith(".ts");

/**
 * Starts the worker whose file stands beside this one.
 *
 * @param name the file's name without its ending, such as "miner.worker". A bundler must put that
 *   file beside the bundle.
 */
export function spawnWorker(name: string, options: WorkerOptions = {}): Worker {
  if (!isSource) return new Worker(new URL(`./${name}.js`, import.meta.url), options);
  // Node 20 cannot read TypeScript, and a worker does not inherit the loader of its parent: a
  // script of one line registers tsx inside the worker first. The parent's own flags would
  // register it a second time, so they are not passed on.
  const file = new URL(`./${name}.ts`, import.meta.url).href;
  const loader = import.meta.resolve("tsx/esm/api");
  const script =
    `import(${JSON.stringify(loader)})` +
    `.then((tsx) => { tsx.register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(script, { ...options, eval: true, execArgv: [] });
}
