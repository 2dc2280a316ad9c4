/** Keys of which a node knows that they exist. None is ever deleted, so what was true stays true. */

import type { Answer, Command } from "../../../protocols/process/key-value.ts";

/** What is forgotten is asked for again. */
const keysMax = 10_000;

export class KnownKeys {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** From what a command was answered. */
  learn(command: Command, answer: Answer): void {
    if (command.type === "propose" || !showsKey(answer)) return;
    const [oldest] = this.#keys;
    if (oldest !== undefined && this.#keys.size >= keysMax) this.#keys.delete(oldest);
    this.#keys.add(command.key);
  }
}

function showsKey(answer: Answer): boolean {
  if (answer.type === "read") return answer.value !== null;
  return answer.type === "written" || (answer.type === "compared" && answer.isSet);
}
