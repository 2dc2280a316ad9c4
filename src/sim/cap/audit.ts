/** What keys hold in the end: each is read once, behind everything else. */

import type { Value } from "../../checkers/history.ts";
import { createRandom } from "../../primitives/random.ts";
import type { Command } from "../../protocols/process/key-value.ts";
import { Client } from "../process-world/client.ts";
import type { FinalAnswer, Workload } from "../process-world/workload.ts";
import type { CapSystem } from "./system.ts";

/** How long a key is asked for. */
const keyMsMax = 1_000;

export type FinalValues = Readonly<Record<string, Value>>;

/** Reads keys one after the other, each again until there is an answer. */
class FinalReads implements Workload {
  readonly values: Record<string, Value> = {};
  readonly #keys: readonly string[];
  #position = 0;

  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  get keysCount(): number {
    return this.#keys.length;
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

/** Reads each of some keys once, by a client that goes from node to node until it is answered. */
export class Audit {
  readonly #system: CapSystem;
  readonly #workload: FinalReads;

  /** Begins now. @param name a client's, which no other has. */
  constructor(system: CapSystem, name: string, keys: readonly string[]) {
    this.#system = system;
    this.#workload = new FinalReads(keys);
    const client = new Client({
      name,
      places: system.names,
      world: system,
      workload: this.#workload,
      random: createRandom(name),
      times: { thinkMeanMs: 0, retryMs: 100, timeoutMs: keyMsMax },
      afterAbort: "ask-again",
      mayAsk: () => !this.#workload.isOver,
      onEnded: () => undefined,
    });
    system.onAnswer((id, answer, at) => {
      if (id.client === client.idName) client.receive(id, answer, at);
    });
    client.begin(0);
  }

  /** Lets the world go on until it is over. */
  finish(): void {
    const { keysCount } = this.#workload;
    this.#system.runUntil(() => this.#workload.isOver, (keysCount + 1) * keyMsMax);
  }

  /** So far. Of keys that no client could read in time there is no value. */
  get values(): FinalValues {
    return this.#workload.values;
  }
}
