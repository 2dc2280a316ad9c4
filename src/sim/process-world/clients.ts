/** All clients of some processes: they share a workload, and what they were answered is counted. */

import type { Random } from "../../primitives/random.ts";
import {
  type AskedProcesses,
  Client,
  type ClientManners,
  type ClientTimes,
  type Ended,
} from "./client.ts";
import type { Workload } from "./workload.ts";

export type ClientsOptions = ClientManners & {
  readonly world: AskedProcesses;
  readonly workload: Workload;
  readonly random: Random;
  readonly times: ClientTimes;
  /** For each client, the nodes beside which it can stand. */
  readonly places: readonly (readonly string[])[];
  /** How many requests they may make together; without a limit if left out. */
  readonly requestsMax?: number;
  readonly onEnded?: (ended: Ended) => void;
};

export class Clients {
  readonly #options: ClientsOptions;
  readonly #clients: readonly Client[];
  readonly #ended: Ended[] = [];
  #asked = 0;
  #isOver = false;

  constructor(options: ClientsOptions) {
    this.#options = options;
    const { world, workload, random, times, places } = options;
    const { patienceMsOf, afterAbort, asksFirst } = options;
    this.#clients = places.map((own, position) => {
      const name = `c${position + 1}`;
      return new Client({
        ...{ name, places: own, world, workload, times },
        ...(patienceMsOf && { patienceMsOf }),
        ...(afterAbort && { afterAbort }),
        ...(asksFirst && { asksFirst }),
        random: random.fork(name),
        mayAsk: () => this.#mayAsk(),
        onEnded: (ended) => {
          this.#ended.push(ended);
          options.onEnded?.(ended);
        },
      });
    });
    world.onAnswer((id, answer, at) => {
      this.#clients.find(({ idName }) => idName === id.client)?.receive(id, answer, at);
    });
  }

  begin(): void {
    const { thinkMeanMs } = this.#options.times;
    for (const client of this.#clients) {
      client.begin(this.#options.random.nextExponential(thinkMeanMs));
    }
  }

  /** No new requests; what is open is waited for. */
  end(): void {
    this.#isOver = true;
  }

  get asked(): number {
    return this.#asked;
  }

  /** Requests that ended, in the order of their ends. */
  get ended(): readonly Ended[] {
    return this.#ended;
  }

  get names(): readonly string[] {
    return this.#clients.map(({ name }) => name);
  }

  /** True if there will be no more requests, and none is open. */
  get isFinished(): boolean {
    const { requestsMax = Infinity } = this.#options;
    const isDone = this.#isOver || this.#asked >= requestsMax;
    return isDone && this.#clients.every(({ openSinceMs }) => openSinceMs === undefined);
  }

  #mayAsk(): boolean {
    const { requestsMax = Infinity } = this.#options;
    if (this.#isOver || this.#asked >= requestsMax) return false;
    this.#asked += 1;
    return true;
  }
}
