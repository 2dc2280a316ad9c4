/** The clients of a live cluster: they ask until they are stopped, and are judged at the end. */

import type { HistoryEvent } from "../../checkers/history.ts";
import type { ClusterFacts, ClusterVerdict } from "../../contract/cluster.ts";
import { messageOf } from "../../primitives/error-message.ts";
import { createRandom } from "../../primitives/random.ts";
import type { Workload as WorkloadName } from "../../protocols/catalogue.ts";
import type { Value } from "../../protocols/process/key-value.ts";
import { BrokenPromiseError } from "../../sim/engine/promise.ts";
import { type Ended, usualTimes } from "../../sim/process-world/client.ts";
import { Clients } from "../../sim/process-world/clients.ts";
import { judgeAnswers, judgedPromises } from "../../sim/process-world/verdicts.ts";
import { describeEnded } from "../../sim/process-world/words.ts";
import {
  createWorkload,
  KeyValueWorkload,
  type RecordedWorkload,
} from "../../sim/process-world/workload.ts";
import type { RestProcesses } from "./rest-processes.ts";

export type ClientRunOptions = {
  readonly processes: RestProcesses;
  readonly names: readonly string[];
  readonly workload: WorkloadName;
  readonly seed: string;
  readonly clients: number;
  readonly requestsMax?: number;
  /** What is proposed in turn, where one value is decided. */
  readonly values?: readonly Value[];
  readonly record: (facts: ClusterFacts) => void;
};

export type Judgement = Omit<ClusterVerdict, "type" | "timeline">;

export class ClientRun {
  readonly #options: ClientRunOptions;
  readonly #workload: RecordedWorkload;
  readonly #clients: Clients;
  readonly #finished: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(options: ClientRunOptions) {
    const { processes, names, clients, requestsMax } = options;
    this.#options = options;
    const random = createRandom(options.seed).fork("clients");
    const { clock } = processes;
    this.#workload = createWorkload({ ...options, clock, random: random.fork("workload") });
    this.#clients = new Clients({
      ...{ world: processes, workload: this.#workload, random, times: usualTimes },
      places: Array.from({ length: clients }, (_, at) => placesOf(at, names)),
      ...(requestsMax !== undefined && { requestsMax }),
      onEnded: (ended) => this.#noteEnd(ended),
    });
  }

  begin(): void {
    this.#clients.begin();
  }

  /** Resolves when all that they may ask has ended. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** No new requests. Resolves when those under way have ended: soon, for they have time-outs. */
  async end(): Promise<void> {
    this.stop();
    await this.finished;
  }

  /** No new requests; those under way stay of unknown outcome. */
  stop(): void {
    this.#clients.end();
    if (this.#clients.isFinished) this.#finished.resolve();
  }

  /** Undefined where one value is decided. */
  get history(): readonly HistoryEvent[] | undefined {
    return this.#workload instanceof KeyValueWorkload ? this.#workload.history : undefined;
  }

  judge(): Judgement {
    const { ended, asked } = this.#clients;
    const elapsedMs = this.#options.processes.clock.elapsedMs;
    const outcomes = ended.map(outcomeOf);
    const countOf = (outcome: string): number => outcomes.filter((one) => one === outcome).length;
    const [answered, aborted] = [countOf("answered"), countOf("aborted")];
    return {
      ...verdictOf(this.#workload),
      ...{ asked, answered, aborted, unknown: asked - answered - aborted },
      longestPauseMs: longestPauseMs(ended, elapsedMs),
      durationSeconds: Math.round(elapsedMs / 1_000),
    };
  }

  #noteEnd(ended: Ended): void {
    const { client, latencyMs } = ended;
    const outcome = outcomeOf(ended);
    this.#options.record({
      type: "request",
      client,
      outcome,
      latencyMs,
      text: describeEnded(ended),
    });
    if (this.#clients.isFinished) this.#finished.resolve();
  }
}

/**
 * Each client begins at another process. Every second one stays there, as Jepsen's do: it sees what
 * a process answers that others have left.
 */
function placesOf(client: number, names: readonly string[]): readonly string[] {
  const first = client % names.length;
  const staysThere = client % 2 === 1;
  return staysThere
    ? names.slice(first, first + 1)
    : [...names.slice(first), ...names.slice(0, first)];
}

function outcomeOf({ answer }: Ended): "answered" | "aborted" | "unknown" {
  if (answer === undefined) return "unknown";
  return answer.type === "aborted" ? "aborted" : "answered";
}

function longestPauseMs(ended: readonly Ended[], elapsedMs: number): number {
  const answered = ended.filter((one) => outcomeOf(one) === "answered");
  const times = answered.map(({ askedAtMs, latencyMs }) => askedAtMs + latencyMs);
  return Math.max(...[...times, elapsedMs].map((time, at) => time - (times[at - 1] ?? 0)));
}

function verdictOf(
  workload: RecordedWorkload,
): Pick<ClusterVerdict, "outcome" | "promises" | "broken"> {
  const promises = judgedPromises(workload);
  try {
    judgeAnswers(workload);
    return { outcome: "holds", promises, broken: null };
  } catch (error) {
    const message = messageOf(error);
    if (error instanceof BrokenPromiseError) {
      return { outcome: "broken", promises, broken: { promise: error.promise, message } };
    }
    return { outcome: "undecided", promises, broken: { promise: promises[0] ?? "", message } };
  }
}
