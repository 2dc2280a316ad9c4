/**
 * What each operation does to the value of a key, with small numbers for values and operations.
 *
 * Only values that an operation could notice get a number of their own; all others are the same
 * value, `unobserved`. Operations that do the same to every value have the same effect.
 */

import { Observed } from "./observed.ts";
import type { Action, Task } from "./task.ts";

/** A value that no operation asks for. */
export const unobserved = 0;
/** The effect of writing it, and of appending what is in nothing that was read. */
export const deadEffect = 0;
export const impossible = -1;
/** The action requires no value, or leaves none that is known before. */
export const none = -1;

type Effect =
  | { readonly type: "read" | "write"; readonly state: number }
  | {
      readonly type: "cas";
      readonly from: number;
      readonly to: number;
      readonly matched: boolean | undefined;
    }
  | { readonly type: "append"; readonly suffix: string };

export class Effects {
  readonly initial: number;
  /** By task. */
  readonly effectOf: Int32Array;
  /** By effect: the state that it requires, or `none`. */
  readonly need: readonly number[];
  /** By effect: the state that it leaves whatever was before, or may leave (cas); or `none`. */
  readonly supply: readonly number[];
  /** Whether a cas found another value: then even an unobserved value counts, for it is another. */
  readonly hasMismatch: boolean;
  /** Whether values are replaced as a whole; otherwise texts are appended. */
  readonly isOfValues: boolean;
  readonly observed: Observed;
  readonly #effects: Effect[] = [{ type: "write", state: unobserved }];
  readonly #states = new Map<string, number>();
  readonly #texts: string[] = [""];
  readonly #appended = new Map<number, number>();

  constructor(tasks: readonly Task[], initial: string) {
    this.isOfValues = tasks.every(({ action }) => action.type !== "append");
    this.observed = new Observed(tasks);
    this.hasMismatch = tasks.some(
      ({ action }) => action.type === "cas" && action.matched === false,
    );
    this.initial = this.#stateOf(initial);
    const numbers = new Map<string, number>();
    this.effectOf = Int32Array.from(tasks, (task) => this.#effectNumber(task, numbers));
    this.need = this.#effects.map(needOf);
    this.supply = this.#effects.map(supplyOf);
  }

  get count(): number {
    return this.#effects.length;
  }

  get statesCount(): number {
    return this.#texts.length;
  }

  textOf(state: number): string {
    return this.#texts[state] as string;
  }

  /** Whether it never changes a value. */
  isPure(effect: number): boolean {
    const what = this.#at(effect);
    return what.type === "read" || (what.type === "cas" && what.matched === false);
  }

  isWrite(effect: number): boolean {
    return this.#at(effect).type === "write";
  }

  isAppend(effect: number): boolean {
    return this.#at(effect).type === "append";
  }

  /** What a cas asks for, even if it found another value; `none` for others. */
  comparedBy(effect: number): number {
    const what = this.#at(effect);
    return what.type === "cas" ? what.from : none;
  }

  /** The state after an effect, or `impossible` if the operation cannot have had its outcome then. */
  next(effect: number, state: number): number {
    const what = this.#at(effect);
    switch (what.type) {
      case "read":
        return what.state === state ? state : impossible;
      case "write":
        return what.state;
      case "cas":
        if (what.matched === undefined) return what.from === state ? what.to : state;
        if (what.matched) return what.from === state ? what.to : impossible;
        return what.from === state ? impossible : state;
      case "append":
        return state === unobserved ? unobserved : this.#append(effect, what.suffix, state);
    }
  }

  #append(effect: number, suffix: string, state: number): number {
    const key = state * this.#effects.length + effect;
    const known = this.#appended.get(key);
    if (known !== undefined) return known;
    const next = this.#stateOf(this.textOf(state) + suffix);
    this.#appended.set(key, next);
    return next;
  }

  #at(effect: number): Effect {
    return this.#effects[effect] as Effect;
  }

  #stateOf(text: string): number {
    const known = this.#states.get(text);
    if (known !== undefined) return known;
    if (!this.observed.has(text)) return unobserved;
    const state = this.#texts.push(text) - 1;
    this.#states.set(text, state);
    return state;
  }

  #effectNumber(task: Task, numbers: Map<string, number>): number {
    const effect = this.#effectOf(task.action);
    if (effect.type === "write" && effect.state === unobserved) return deadEffect;
    if (effect.type === "append" && !this.observed.mayContain(effect.suffix)) return deadEffect;
    const key = JSON.stringify(effect);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#effects.push(effect) - 1;
    numbers.set(key, number);
    return number;
  }

  #effectOf(action: Action): Effect {
    switch (action.type) {
      case "read":
      case "write":
        return { type: action.type, state: this.#stateOf(action.value) };
      case "cas": {
        const [from, to] = [this.#stateOf(action.from), this.#stateOf(action.to)];
        return { type: "cas", from, to, matched: action.matched };
      }
      case "append":
        return action;
    }
  }
}

function needOf(effect: Effect): number {
  if (effect.type === "read") return effect.state;
  return effect.type === "cas" && effect.matched === true ? effect.from : none;
}

function supplyOf(effect: Effect): number {
  if (effect.type === "write") return effect.state;
  return effect.type === "cas" && effect.matched !== false ? effect.to : none;
}
