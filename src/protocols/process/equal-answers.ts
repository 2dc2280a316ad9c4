/** Counts equal answers to one request: one process may lie, but enough of them do not say the same lie. */

import type { Answer } from "./key-value.ts";

export class EqualAnswers {
  readonly #givers = new Map<string, Set<string>>();

  /** @returns how many different processes have given this answer, this one included. */
  add(answer: Answer, by: string): number {
    const text = JSON.stringify(answer);
    const givers = (this.#givers.get(text) ?? new Set()).add(by);
    this.#givers.set(text, givers);
    return givers.size;
  }
}
