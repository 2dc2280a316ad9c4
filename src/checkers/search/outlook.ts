/**
 * What is still asked for and who could still supply it: shows early that a search is at a dead end.
 * A value may be left for good only if no operation that is to be placed still asks for it.
 */

import { deadEffect, type Effects, none, unobserved } from "./effects.ts";
import type { Task } from "./task.ts";

export interface Outlook {
  /** Whether no order can be right, as one look at all operations shows. */
  isHopeless(): boolean;
  placed(task: number): void;
  takenBack(task: number): void;
  /** Whether a task that is not placed yet may change one value into the other now. */
  mayLeave(state: number, task: number, target: number): boolean;
}

export function createOutlook(tasks: readonly Task[], effects: Effects): Outlook {
  const isText = tasks.some(({ action }) => action.type === "append");
  return isText ? new TextOutlook(tasks, effects) : new ValueOutlook(tasks, effects);
}

class ValueOutlook implements Outlook {
  readonly #initial: number;
  /** By task, as the next one. */
  readonly #need: Int32Array;
  readonly #supply: Int32Array;
  /** By state: how many tasks still need it, and how many could still leave it. */
  readonly #needs: Int32Array;
  readonly #supplies: Int32Array;
  /** By state: when the first supplier is called, and when the first that needs it returns. */
  readonly #suppliedFrom: Float64Array;
  readonly #neededBy: Float64Array;

  constructor(tasks: readonly Task[], effects: Effects) {
    this.#initial = effects.initial;
    const { effectOf, need, supply, statesCount } = effects;
    this.#need = effectOf.map((effect) => need[effect] as number);
    this.#supply = effectOf.map((effect) => supply[effect] as number);
    this.#needs = new Int32Array(statesCount);
    this.#supplies = new Int32Array(statesCount);
    this.#suppliedFrom = new Float64Array(statesCount).fill(Infinity);
    this.#neededBy = new Float64Array(statesCount).fill(Infinity);
    for (const [task, { called, returned }] of tasks.entries()) {
      this.takenBack(task);
      const [needed, supplied] = [this.#need[task] as number, this.#supply[task] as number];
      if (needed >= 0) lower(this.#neededBy, needed, returned);
      if (supplied >= 0) lower(this.#suppliedFrom, supplied, called);
    }
  }

  isHopeless(): boolean {
    return this.#neededBy.some((needed, state) => {
      const isThere = state === this.#initial;
      return needed < Infinity && !isThere && (this.#suppliedFrom[state] as number) > needed;
    });
  }

  placed(task: number): void {
    this.#count(task, -1);
  }

  takenBack(task: number): void {
    this.#count(task, 1);
  }

  mayLeave(state: number, task: number, target: number): boolean {
    if (state === target) return true;
    const own = this.#need[task] === state ? 1 : 0;
    return (this.#needs[state] as number) === own || (this.#supplies[state] as number) > 0;
  }

  #count(task: number, change: 1 | -1): void {
    const [needed, supplied] = [this.#need[task] as number, this.#supply[task] as number];
    if (needed >= 0) this.#needs[needed] = (this.#needs[needed] as number) + change;
    if (supplied >= 0) this.#supplies[supplied] = (this.#supplies[supplied] as number) + change;
  }
}

function lower(bounds: Float64Array, at: number, value: number): void {
  if (value < (bounds[at] as number)) bounds[at] = value;
}

class TextOutlook implements Outlook {
  readonly #effects: Effects;
  /** By task: the position of what it read among the outputs, or `none`. */
  readonly #output: Int32Array;
  readonly #readsLeft: PrefixSums;
  /** How many writes of an observed text are left. */
  #writesLeft = 0;
  readonly #ranges: (readonly [start: number, end: number] | undefined)[] = [];
  readonly #neededBy: Float64Array;

  constructor(tasks: readonly Task[], effects: Effects) {
    this.#effects = effects;
    const { outputs } = effects.observed;
    const positions = new Map(outputs.map((output, position) => [output, position]));
    this.#output = Int32Array.from(tasks, ({ action }) => {
      return action.type === "read" ? (positions.get(action.value) as number) : none;
    });
    this.#readsLeft = new PrefixSums(outputs.length);
    this.#neededBy = new Float64Array(outputs.length).fill(Infinity);
    for (const [task, { returned }] of tasks.entries()) {
      this.takenBack(task);
      const output = this.#output[task] as number;
      if (output >= 0) lower(this.#neededBy, output, returned);
    }
  }

  isHopeless(): boolean {
    return false;
  }

  placed(task: number): void {
    this.#count(task, -1);
  }

  takenBack(task: number): void {
    this.#count(task, 1);
  }

  mayLeave(state: number, task: number, target: number): boolean {
    const effect = this.#effects.effectOf[task] as number;
    const isWrite = this.#effects.isWrite(effect);
    if (this.#effects.observed.isTraceable) {
      // What is in something read must be in the value when it is read, and is written only once.
      if (target === unobserved && effect !== deadEffect) return false;
      const hasPieces = state !== unobserved && this.#effects.textOf(state) !== "";
      const stay = isWrite || effect === deadEffect ? 0 : this.#readsFrom(target);
      if (hasPieces && this.#readsFrom(state) !== stay) return false;
    }
    const writesLeft = this.#writesLeft - (isWrite && effect !== deadEffect ? 1 : 0);
    return writesLeft > 0 || this.#readsFrom(target) === this.#readsLeft.total;
  }

  /** How many reads are left that begin with the text of a state. */
  #readsFrom(state: number): number {
    if (state === unobserved) return 0;
    const [start, end] = (this.#ranges[state] ??= this.#effects.observed.rangeOf(
      this.#effects.textOf(state),
    ));
    return this.#readsLeft.below(end) - this.#readsLeft.below(start);
  }

  #count(task: number, change: 1 | -1): void {
    const output = this.#output[task] as number;
    if (output >= 0) this.#readsLeft.add(output, change);
    const effect = this.#effects.effectOf[task] as number;
    if (effect !== deadEffect && this.#effects.isWrite(effect)) this.#writesLeft += change;
  }
}

/** Counts by position whose sums are quick. @see Fenwick, A new data structure for cumulative …, 1994 */
class PrefixSums {
  readonly #tree: Int32Array;
  total = 0;

  constructor(length: number) {
    this.#tree = new Int32Array(length + 1);
  }

  add(position: number, change: number): void {
    this.total += change;
    for (let i = position + 1; i < this.#tree.length; i += i & -i) {
      this.#tree[i] = (this.#tree[i] as number) + change;
    }
  }

  /** The sum of the counts at positions below `end`. */
  below(end: number): number {
    let sum = 0;
    for (let i = end; i > 0; i -= i & -i) sum += this.#tree[i] as number;
    return sum;
  }
}
