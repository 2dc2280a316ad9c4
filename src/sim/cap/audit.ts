/** What keys hold in the end: each is read once, behind everything else. */

import type { Value } from "../../checkers/history.ts";
import { createRandom } from "../../primitives/random.ts";
import type { Command } from "../../protocols/process/key-value.ts";
import { Client } from "../process-world/client.ts";
import type { FinalAnswer, Workload } from "../process-world/workload.ts";
import type { CapSystem } from "./system.ts";

export type FinalValues = Readonly<Record<string, Value>>;

/** Reads keys one after the other, each again until there is an answer. */
class FinalReads implements Workload {
  readonly values: Record<string, Value> = {};
  readonly #keys: readonly string[];
  #position = 0;

  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  get isOver(): boolean {
    return this.#position >= this.#keys.length;
  }

  ask(): Command {
    return { type: "read", key: this.#keys[this.#position] as string };
  }

  answered(_: string, answer: FinalAnswer): void {
    if (answer.type === "read") this.values[this.#keys[this.#position] as string] = answer.value;
    this.#position += 1;
  }

  givenUp(): void {
    this.#position += 1;
  }
}

/** Of keys that nobody can read any more there is no value. */
export function auditKeys(system: CapSystem, keys: readonly string[]): FinalValues {
  const workload = new FinalReads(keys);
  const client = new Client({
    name: "auditor",
    places: system.names,
    service: system,
    workload,
    random: createRandom("audit"),
    times: { thinkMeanMs: 0, retryMs: 100, timeoutMs: 1_000 },
    afterAbort: "ask-again",
    mayAsk: () => !workload.isOver,
    onEnded: () => undefined,
  });
  system.onAnswer((id, answer, at) => {
    if (id.client === client.idName) client.receive(id, answer, at);
  });
  client.begin(0);
  system.runUntil(() => workload.isOver, keys.length * 1_000 + 1_000);
  return workload.values;
}
