/** The simulator in a Web Worker, which is loaded when it is asked for first. */

import type { Simulator, SimulatorAnswer, SimulatorRequest } from "../../simulator/simulator.ts";

export class WorkerSimulator implements Simulator {
  readonly #worker: Worker;

  constructor() {
    // Written in one, so that the bundler finds the worker and builds it apart.
    this.#worker = new Worker(new URL("../../simulator/simulator.worker.ts", import.meta.url), {
      type: "module",
    });
  }

  ask(request: SimulatorRequest): void {
    this.#worker.postMessage(request);
  }

  listen(hear: (answer: SimulatorAnswer) => void): void {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<SimulatorAnswer>) => {
      hear(data);
    });
  }
}
